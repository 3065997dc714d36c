import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { cycloneDxFaults } from "../support/cyclonedx-faults.js";

const repository = path.resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(path.join(repository, file), "utf8");

describe("npm run sbom", () => {
  it.each([
    ["cocoon-webhook", []],
    ["cocoon-operator", ["--", "operator"]],
  ])(
    "lists what %s is made of, by the schema of CycloneDX 1.5",
    async (program, args) => {
      const command = ["run", "--silent", "sbom", ...args];
      const { stdout } = await promisify(execFile)("npm", command, { cwd: repository });
      const bom = JSON.parse(stdout) as {
        readonly metadata: { readonly component: { readonly name: string } };
        readonly components: readonly { readonly name: string }[];
      };
      expect(cycloneDxFaults(stdout)).toEqual([]);
      expect(cycloneDxFaults(JSON.stringify({ ...bom, components: [{ name: "typeless" }] }))).not.toEqual([]);
      expect(bom.metadata.component.name).toBe(program);
      const names = bom.components.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(["commander", "pino", "prom-client", "undici"]));
      expect(names).not.toContain("eslint");
    },
    120_000,
  );
});

interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}
interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly program: readonly string[] } };
  readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly with?: object }[];
}

describe("the repository", () => {
  const { url } = (JSON.parse(read("package.json")) as { readonly repository: { readonly url: string } })
    .repository;
  const address = url.replace(/^git\+|\.git$/g, "");

  it.each([
    ...["Dockerfile", "SECURITY.md", "charts/cocoon-operator/Chart.yaml", "charts/cocoon-webhook/Chart.yaml"],
    ...["config/monitoring/operator-prometheus-rule.yaml", "config/monitoring/prometheus-rule.yaml"],
  ])("has the address in %s that package.json says", (file) => {
    const named = read(file).match(/https:\/\/github\.com\/cocoonstack\/[\w-]+/g);
    expect(new Set(named)).toEqual(new Set([address]));
  });

  // Or npm takes no provenance.
  it.each(["common", "webhook"])("is named by the package %s, which is published", (name) => {
    const directory = `packages/${name}`;
    const { repository: named } = JSON.parse(read(`${directory}/package.json`)) as {
      readonly repository: object;
    };
    expect(named).toEqual({ type: "git", url, directory });
  });
});

describe("the workflows", () => {
  const files = readdirSync(path.join(repository, ".github/workflows"));
  const workflow = (file: string): Workflow => parse(read(`.github/workflows/${file}`)) as Workflow;

  it.each(files)("%s pins each action by its commit, and names the version", (file) => {
    const actions = read(`.github/workflows/${file}`).match(/^.*\buses:.*$/gm) ?? [];
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions)
      expect(action).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it.each(files)("%s installs what package-lock.json says, and keeps no credentials", (file) => {
    const { permissions, jobs } = workflow(file);
    expect(permissions).toEqual({});
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    for (const { run = "" } of steps) expect(run).not.toMatch(/npm (i|install|add|update)\b|npx /);
    const checkouts = steps.filter(({ uses = "" }) => uses.startsWith("actions/checkout@"));
    for (const checkout of checkouts) expect(checkout.with).toMatchObject({ "persist-credentials": false });
  });

  it("release.yml publishes nothing before everything has passed, advisories included", () => {
    const { jobs } = workflow("release.yml");
    const { check, ...publishing } = jobs;
    const runs = (job: Job | undefined): string => job?.steps.map(({ run = "" }) => run).join("\n") ?? "";
    expect(runs(check)).toContain(".ci/run");
    expect(runs(check)).toContain("npm run audit");
    expect(check?.permissions).toEqual({ contents: "read" });
    const { packages, images, release } = publishing;
    expect(Object.keys(publishing)).toEqual(["packages", "images", "release"]);
    expect([packages?.needs, images?.needs]).toEqual(["check", "check"]);
    expect(release?.needs).toEqual(["packages", "images"]);
    for (const job of [packages, release]) expect(runs(job)).toContain("npm ci --ignore-scripts");
    expect(runs(packages)).toContain("npm publish --provenance");
  });

  it("release.yml builds the image of each program that config/ runs, and lists what it is made of", () => {
    const { images, release } = workflow("release.yml").jobs;
    const programs = images?.strategy?.matrix.program ?? [];
    expect(programs).toEqual(["webhook", "operator"]);
    const runs = release?.steps.map(({ run = "" }) => run).join("\n") ?? "";
    for (const program of programs) {
      expect(read("Dockerfile")).toMatch(new RegExp(`^FROM .* AS ${program}$`, "m"));
      expect(runs).toContain(`npm run --silent sbom -- ${program} > cocoon-${program}.cdx.json\n`);
      expect(runs).toMatch(new RegExp(`gh release create .* cocoon-${program}[.]cdx[.]json`));
    }
    const builds = images?.steps.filter(({ uses = "" }) => uses.startsWith("docker/build-push-action@"));
    expect(builds?.map((step) => step.with)).toEqual([
      expect.objectContaining({ target: "${{ matrix.program }}", push: true }),
    ]);
  });
});

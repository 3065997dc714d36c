import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type RuleId, rules } from "../../packages/webhook/src/rules/index.js";
import { runExecutable } from "../support/webhook-process.js";

const repository = path.resolve(import.meta.dirname, "../..");
const examples = path.join(repository, "examples");
const read = (name: string): Promise<string> => readFile(path.join(examples, name), "utf8");
const run = promisify(execFile);

interface Finding {
  readonly file: string;
  readonly rule: string;
}

/** What a command that is typed at the root of the repository finds. */
async function findingsOf(args: readonly string[]): Promise<readonly Finding[]> {
  const rooted = args.map((word) => (word.startsWith("examples") ? path.join(repository, word) : word));
  const { stdout, stderr } = await runExecutable([...rooted, "-o", "json"]);
  expect(stderr).toBe("");
  return (JSON.parse(stdout) as { findings: Finding[] }).findings;
}

/** Findings in short, by their file's way from `examples`. */
const told = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ file, rule }) => `${path.relative(examples, file)}: ${rule}`).sort();

describe("examples/rules", () => {
  const shown = Object.entries(rules).flatMap(([id, rule]) =>
    rule.examples === undefined ? [] : [id as RuleId],
  );

  it("has a folder for each rule that files can break, and no other", async () => {
    expect((await readdir(path.join(examples, "rules"))).sort()).toEqual([...shown].sort());
  });

  it.each(shown)("%s: the command in each file finds it in the bad one alone", async (id) => {
    const rulesIn = async (kind: string): Promise<readonly string[]> => {
      const [, line = ""] = /^# {3}cocoon-webhook (.*)$/m.exec(await read(`rules/${id}/${kind}.yaml`)) ?? [];
      return (await findingsOf(line.split(" "))).map(({ rule }) => rule);
    };
    expect(await rulesIn("bad")).toEqual([id]);
    expect(await rulesIn("good")).not.toContain(id);
  });

  // What the change costs is told as well.
  const costs = "rules/toleration-removed/good.yaml: workload-warning";

  it("as one set, each bad one breaks its rule and nothing else", async () => {
    const findings = await findingsOf(["check", "--old", "examples-before", "examples/rules"]);
    const expected = shown.map((id) => `rules/${id}/bad.yaml: ${id}`);
    expect(told(findings)).toEqual([...expected, costs].sort());
  });

  it("nor does any object of examples/ stand twice but the one that shows that", async () => {
    const findings = await findingsOf(["check", "examples"]);
    expect(told(findings).filter((line) => line.endsWith(": duplicate-object"))).toEqual([
      "rules/duplicate-object/bad.yaml: duplicate-object",
    ]);
  });
});

describe("examples/README.md", () => {
  it("names everything that is there", async () => {
    const index = await read("README.md");
    const entries = (await readdir(examples)).filter((name) => name !== "README.md");
    expect(entries.filter((name) => !index.includes(`\`${name}`))).toEqual([]);
  });
});

interface Workflow {
  readonly jobs: { readonly check: { readonly steps: readonly { readonly run?: string }[] } };
}

interface Hook {
  readonly entry: string;
  readonly additional_dependencies: readonly string[];
  readonly files?: string;
}

describe("the examples for pipelines, with the packed executable installed", () => {
  let folder: string;
  let version: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "cocoon-pipeline-"));
    const source = path.join(repository, "packages/webhook");
    ({ version } = JSON.parse(await readFile(path.join(source, "package.json"), "utf8")) as {
      version: string;
    });
    const options = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts"];
    await run("npm", ["pack", ...options, "--pack-destination", folder], { cwd: source });
    const archive = path.join(folder, `cocoonstack-webhook-${version}.tgz`);
    await run("npm", ["install", ...options, "--offline", "--prefix", folder, archive], { cwd: folder });
    await mkdir(path.join(folder, "manifests"));
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** How a line of shell ends where `manifests/` holds one of the examples. */
  async function ending(
    line: string,
    manifest: string,
  ): Promise<{ readonly code: number; readonly stdout: string }> {
    await copyFile(path.join(examples, manifest), path.join(folder, "manifests/one.yaml"));
    const env = {
      ...process.env,
      PATH: `${path.join(folder, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`,
      npm_config_offline: "true",
    };
    // As GitHub runs the steps of a workflow.
    const { stdout } = await run("bash", ["-c", `set +e\n(set -e\n${line}\n)\necho "exit $?"`], {
      cwd: folder,
      env,
    });
    const [, printed = "", code] = /^([^]*)exit (\d+)\n$/.exec(stdout) ?? [];
    return { code: Number(code), stdout: printed };
  }

  it("the steps for GitHub Actions annotate, and report for code scanning", async () => {
    const { jobs } = parse(await read("github-actions/cocoon-check.yaml")) as Workflow;
    const [annotate = "", report = ""] = jobs.check.steps.flatMap((step) => step.run ?? []);
    for (const line of [annotate, report]) expect(line).toContain(` @cocoonstack/webhook@${version} check `);

    const refused = await ending(annotate, "stray-pod.yaml");
    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(/^::error file=manifests\/one\.yaml,line=11,/m);
    expect((await ending(annotate, "cocoonset.yaml")).code).toBe(0);

    expect((await ending(report, "stray-pod.yaml")).code).toBe(0);
    const sarif = JSON.parse(await readFile(path.join(folder, "cocoon.sarif"), "utf8")) as unknown;
    expect(sarif).toMatchObject({ version: "2.1.0", runs: [{ results: [{ ruleId: "stray-pod" }] }] });
    expect((await ending(report.replace("manifests/", "none/"), "stray-pod.yaml")).code).toBe(1);
  });

  it("the hooks for pre-commit refuse a commit, or let it pass", async () => {
    const config = parse(await read("pre-commit/.pre-commit-config.yaml")) as { repos: { hooks: Hook[] }[] };
    const own = parse(await read("pre-commit/.pre-commit-hooks.yaml")) as Hook[];
    const hooks = [...config.repos.flatMap((repo) => repo.hooks), ...own];
    expect(hooks).toHaveLength(2);
    for (const { entry, additional_dependencies, files = "" } of hooks) {
      expect(additional_dependencies).toEqual([`@cocoonstack/webhook@${version}`]);
      expect("manifests/one.yaml").toMatch(new RegExp(files));
      // pre-commit puts the names of the files behind the entry.
      expect((await ending(`${entry} manifests/one.yaml`, "stray-pod.yaml")).code).toBe(1);
      expect((await ending(`${entry} manifests/one.yaml`, "cocoonset.yaml")).code).toBe(0);
    }
  });
});

import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { copiedBefore } from "../support/dockerfile.js";
import { type Image, type ImageName, makeImage } from "../support/image.js";
import { runExecutable, WebhookProcess } from "../support/webhook-process.js";

const repository = path.resolve(import.meta.dirname, "../..");
const base = "gcr.io/distroless/nodejs24-debian12:nonroot";
const images: Partial<Record<ImageName, Image>> = {};
beforeAll(async () => {
  images.webhook = await makeImage("webhook");
  images.operator = await makeImage("operator");
  return () => Promise.all(Object.values(images).map((image) => image[Symbol.asyncDispose]()));
}, 240_000);

function imageOf(name: ImageName): Image {
  const image = images[name];
  if (image === undefined) throw new Error(`there is no image of the ${name}`);
  return image;
}

describe("the dependencies of the images", () => {
  const copied = copiedBefore(readFileSync(path.join(repository, "Dockerfile"), "utf8"), "build", "npm ci");

  it("are installed by the manifests of all packages and nothing else, so that no other change installs them anew", () => {
    const packages = readdirSync(path.join(repository, "packages"));
    const manifests = packages.map((name) => `packages/${name}/package.json`);
    expect([...copied].sort()).toEqual(
      ["package-lock.json", "package.json", ...manifests].sort().map((file) => [file, file]),
    );
  });

  it("are those that package-lock.json names, by npm itself", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "cocoon-dependencies-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const [source, target] of copied) {
      await cp(path.join(repository, source), path.join(folder, target));
    }
    const args = ["ci", "--dry-run", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"];
    const { stdout } = await promisify(execFile)("npm", args, { cwd: folder });
    expect(stdout).toMatch(/added \d{2,} packages/);
  });
});

describe.each(["webhook", "operator"] as const)("the image of the %s", (name) => {
  let image: Image;
  beforeAll(() => {
    image = imageOf(name);
  });

  it("adds the bundle, its licences and what says that it is an ES module, and nothing else", () => {
    const chunks = image.added.filter((file) => file.startsWith("/app/dist/chunks/"));
    expect(chunks.length).toBeGreaterThan(0);
    expect(image.added.filter((file) => !chunks.includes(file))).toEqual([
      "/app/LICENSE",
      "/app/dist/THIRD_PARTY_LICENSES.txt",
      `/app/dist/cocoon-${name}.js`,
      "/app/package.json",
    ]);
  });

  it("runs as somebody who is not root, on a base without a shell, without a debugger, and serves by itself", () => {
    expect(image.stage).toMatchObject({ from: base, user: "65532:65532", cmd: ["serve"] });
    expect(image.stage.entrypoint).toEqual([
      ...["/nodejs/bin/node", "--disable-sigusr1", `/app/dist/cocoon-${name}.js`],
    ]);
    // A report would hold all environment variables, and be in a file: it is off unless NODE_OPTIONS turns it on.
    expect(image.stage.env).toEqual({ NODE_ENV: "production" });
  });

  it("can write nowhere", async () => {
    const places = ["/", "/app", "/app/dist", "/nodejs/bin", "/tmp"];
    const script = `
      const errors = ${JSON.stringify(places)}.map((folder) => {
        try { fs.writeFileSync(folder + "/new", ""); } catch (error) { return error.code; }
      });
      console.log(JSON.stringify([process.getuid(), process.getgid(), errors]));`;
    const [command, ...args] = image.node;
    const { stdout } = await promisify(execFile)(command, [...args, "-e", script]);
    expect(JSON.parse(stdout)).toEqual([65532, 65532, ["EACCES", "EACCES", "EACCES", "EACCES", "ENOENT"]]);
  });

  it("knows its version and commit", async () => {
    const { version } = JSON.parse(
      readFileSync(path.join(repository, `packages/${name}/package.json`), "utf8"),
    ) as { version: string };
    expect(await runExecutable(["--version"], image.stage.env, image.program)).toMatchObject({
      code: 0,
      stdout: `${version} (0123456789ab)\n`,
      stderr: "",
    });
  });

  it("prints its help", async () => {
    const { code, stdout } = await runExecutable(["--help"], image.stage.env, image.program);
    expect([code, stdout]).toEqual([0, expect.stringContaining("serve [options]")]);
  });
});

describe("the image of the operator, run", () => {
  it("says what it lacks", async () => {
    const { stage, program } = imageOf("operator");
    const { code, stderr } = await runExecutable(stage.cmd, stage.env, program);
    expect([code, stderr]).toEqual([2, expect.stringContaining("set OCI_REGISTRY to HOST[:PORT][/PREFIX]")]);
  });
});

describe("the image of the webhook, run", () => {
  let image: Image;
  beforeAll(() => {
    image = imageOf("webhook");
  });

  it("opens no debugger at SIGUSR1, and writes no report of a crash", async () => {
    await using webhook = await WebhookProcess.start(["--standalone"], image.stage.env, image.program);
    webhook.kill("SIGUSR1");
    // Answered after the signal was delivered.
    for (let i = 0; i < 20; i++) await webhook.call("/healthz", { method: "GET", headers: {} });
    expect(webhook.stderr).not.toContain("Debugger listening");
    expect(await webhook.call("/readyz", { method: "GET", headers: {} })).toMatchObject({ status: 200 });
  });

  it("prints the registration", async () => {
    const { code, stdout } = await runExecutable(["manifests"], image.stage.env, image.program);
    expect([code, stdout]).toEqual([0, expect.stringContaining("kind: ValidatingWebhookConfiguration")]);
  });

  it("serves, and drains on SIGTERM", async () => {
    const env = { ...image.stage.env, DRAIN_DELAY: "1ms" };
    await using webhook = await WebhookProcess.start(["--standalone"], env, image.program);
    expect(await webhook.call("/readyz", { method: "GET", headers: {} })).toMatchObject({ status: 200 });
    const info = [...(await webhook.metrics()).keys()].filter((name) => name.includes("build_info"));
    expect(info).toEqual([expect.stringContaining('node_version="24.')]);
    webhook.kill("SIGTERM");
    expect(await webhook.exited()).toMatchObject({ code: 0 });
  });
});

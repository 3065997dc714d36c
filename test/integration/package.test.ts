import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entryPoints, publicExports, repository } from "../support/public-exports.js";

const run = promisify(execFile);
const common = path.join(repository, "packages/common");
const consumer = mkdtempSync(path.join(tmpdir(), "cocoon-consumer-"));
const installed = path.join(consumer, "node_modules/@cocoonstack/common");
const crds = readdirSync(path.join(common, "crds"));
const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
let tarball: { readonly filename: string; readonly files: readonly { readonly path: string }[] };

beforeAll(async () => {
  // `prepack` builds.
  const { stdout } = await run("npm", ["pack", "--json", "--silent", "--pack-destination", consumer], {
    cwd: common,
  });
  [tarball] = JSON.parse(stdout.slice(stdout.indexOf("[\n"))) as [typeof tarball];
  writeFileSync(path.join(consumer, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await run("npm", ["install", ...quiet, `./${tarball.filename}`], { cwd: consumer });
}, 240_000);

afterAll(() => {
  rmSync(consumer, { recursive: true, force: true });
});

describe("npm pack", () => {
  it("holds the built sources without tests, the CRDs, and what every package has", () => {
    const modules = readdirSync(path.join(common, "src"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .flatMap((file) =>
        [".js", ".js.map", ".d.ts"].map((ending) => `dist/${file.replace(/\.ts$/, ending)}`),
      );
    const rest = ["LICENSE", "README.md", "package.json", ...crds.map((file) => `crds/${file}`)];
    const sort = (files: readonly string[]): string[] => [...files].sort();
    expect(sort(tarball.files.map((file) => file.path))).toEqual(sort([...rest, ...modules]));
  });

  it("has an entry point for each that is documented, and no other", () => {
    const { exports } = JSON.parse(readFileSync(path.join(installed, "package.json"), "utf8")) as {
      readonly exports: Readonly<Record<string, string>>;
    };
    const expected = [...entryPoints.map((entryPoint) => `./${entryPoint}`), "./crds/*.yaml"];
    expect(new Set(Object.keys(exports))).toEqual(new Set(expected));
  });
});

/** What each entry point must hold at run time. */
const names = Object.fromEntries(
  entryPoints.map((entryPoint) => [
    entryPoint,
    publicExports()
      .filter((one) => one.entryPoint === entryPoint && one.isValue)
      .map(({ name }) => name)
      .sort(),
  ]),
);

/** The end of both programs: calls something of each entry point, reads a CRD, and prints what it found. */
const use = `
const value = (entryPoint, name) => modules[entryPoint][name];
const called = {
  "apis/v1": value("apis/v1", "decodeCocoonSet")({ spec: { agent: { image: "demo" } } }).ok,
  meta: value("meta", "hasCocoonTolerationKey")([{ key: "virtual-kubelet.io/provider" }]),
  k8s: value("k8s", "parseDurationNs")("1s") !== undefined,
  "k8s/admission": value("k8s/admission", "allow")().allowed,
  auth: value("auth", "randomState")().length > 0,
  httpx: value("httpx", "parseListenAddress")(":8443").port === 8443,
  log: value("log", "setup")("COCOON_NO_SUCH_VARIABLE").isLevelEnabled("info"),
};
const names = Object.fromEntries(
  Object.entries(modules).map(([entryPoint, module]) => [
    entryPoint,
    Object.keys(module).filter((name) => name !== "module.exports" && name !== "__esModule").sort(),
  ]),
);
const kinds = crds.map((file) => /^kind: (.*)$/m.exec(readFileSync(file, "utf8"))[1]);
console.log(JSON.stringify({ major: Number(process.versions.node.split(".")[0]), called, names, kinds }));
`;
const list = JSON.stringify(entryPoints);
const files = JSON.stringify(crds.map((file) => `@cocoonstack/common/crds/${file}`));

const programs = {
  "use.mjs": `
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
${entryPoints.map((entryPoint, index) => `import * as m${index} from "@cocoonstack/common/${entryPoint}";`).join("\n")}
const modules = { ${entryPoints.map((entryPoint, index) => `"${entryPoint}": m${index}`).join(", ")} };
const crds = ${files}.map((file) => fileURLToPath(import.meta.resolve(file)));
${use}`,
  "use.cjs": `
const { readFileSync } = require("node:fs");
const modules = Object.fromEntries(${list}.map((entryPoint) => [entryPoint, require("@cocoonstack/common/" + entryPoint)]));
const crds = ${files}.map((file) => require.resolve(file));
${use}`,
};

const thisMajor = Number(process.versions.node.split(".")[0]);
/** Node 24 comes as a plain npm package, without an install script. */
const node24 = ["exec", "--yes", ...quiet, `--package=node-linux-${process.arch}@24`, "-c"];

describe.each([
  {
    what: "this Node",
    major: thisMajor,
    start: (file: string) => run(process.execPath, [file], { cwd: consumer }),
  },
  {
    what: "Node 24",
    major: 24,
    start: (file: string) => run("npm", [...node24, `node ${file}`], { cwd: consumer }),
  },
])("an installed package under $what", ({ major, start }) => {
  it.each(Object.entries(programs))("works with %s", { timeout: 180_000 }, async (file, program) => {
    writeFileSync(path.join(consumer, file), program);
    const { stdout } = await start(file);
    const called = Object.fromEntries(entryPoints.map((entryPoint) => [entryPoint, true]));
    const kinds = crds.map((crd) =>
      crd === "kustomization.yaml" ? "Kustomization" : "CustomResourceDefinition",
    );
    expect(JSON.parse(stdout)).toEqual({ major, called, names, kinds });
  });
});

describe("the types", () => {
  it(
    "serve a consumer with strict settings, from an ES module and from CommonJS",
    { timeout: 120_000 },
    async () => {
      const imports = entryPoints
        .map((entryPoint, index) => `import * as m${index} from "@cocoonstack/common/${entryPoint}";`)
        .join("\n");
      const code = `${imports}
import type { CocoonSet } from "@cocoonstack/common/apis/v1";
import { vmNameForPod } from "@cocoonstack/common/meta";
export const all = [${entryPoints.map((_, index) => `m${index}`).join(", ")}];
export const set: CocoonSet = { spec: { agent: { image: "demo" } } };
export const name: string = vmNameForPod("shop", "web");
// @ts-expect-error -- a VM name is made of texts
vmNameForPod(1, 2);
`;
      writeFileSync(path.join(consumer, "consumer.mts"), code);
      writeFileSync(path.join(consumer, "consumer.cts"), code);
      const options = {
        strict: true,
        noEmit: true,
        module: "nodenext",
        target: "es2023",
        types: ["node"],
        skipLibCheck: true,
      };
      writeFileSync(
        path.join(consumer, "tsconfig.json"),
        JSON.stringify({
          compilerOptions: { ...options, typeRoots: [path.join(repository, "node_modules/@types")] },
          files: ["consumer.mts", "consumer.cts"],
        }),
      );
      const tsc = path.join(repository, "node_modules/typescript/bin/tsc");
      const faults = await run(process.execPath, [tsc, "-p", consumer]).then(
        () => "",
        (error: unknown) => (error as { readonly stdout: string }).stdout,
      );
      expect(faults).toBe("");
    },
  );
});

/** Every module that `file` loads when it is imported, itself included: files by their path, others by their specifier. */
function moduleGraph(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const { importedFiles } = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
  for (const { fileName } of importedFiles) {
    if (fileName.startsWith(".")) moduleGraph(path.resolve(path.dirname(file), fileName), seen);
    else seen.add(fileName);
  }
  return seen;
}

const isBuiltin = (module: string): boolean => builtinModules.includes(module.replace(/^node:/, ""));
const dist = path.join(installed, "dist");

describe("the module graph", () => {
  it.each(["apis/v1", "meta", "auth"])("of %s stays within the package", (entryPoint) => {
    const graph = [...moduleGraph(path.join(dist, entryPoint, "index.js"))];
    expect(graph.filter((one) => !one.startsWith(`${dist}/`) && !isBuiltin(one))).toEqual([]);
    expect(graph.length).toBeGreaterThan(3);
  });

  it.each(["apis/v1", "meta"])("of %s holds no module of Node either, but for Buffer", (entryPoint) => {
    const graph = [...moduleGraph(path.join(dist, entryPoint, "index.js"))];
    expect(graph.filter((one) => isBuiltin(one) && one !== "node:buffer")).toEqual([]);
  });

  it("is seen: k8s and log have third-party code in theirs", () => {
    expect([...moduleGraph(path.join(dist, "k8s/index.js"))]).toContain("undici");
    expect([...moduleGraph(path.join(dist, "log/index.js"))]).toContain("pino");
  });
});

/** Loads one entry point and says what that changed in the process. */
const watcher = `
const emitters = [process, process.stdout, process.stderr];
const state = () => ({
  listeners: emitters.map((emitter) => emitter.eventNames().map((name) => [String(name), emitter.listenerCount(name)])),
  globals: Object.getOwnPropertyNames(globalThis).sort(),
  environment: { ...process.env },
  resources: process.getActiveResourcesInfo(),
});
const settle = () => new Promise((resolve) => setImmediate(resolve));
process.stdout; process.stderr;
await import("node:util");
await settle();
const before = state();
await import(process.argv[2]);
await settle();
console.log(JSON.stringify({ before, after: state() }));
`;

describe.each(entryPoints)("importing %s", (entryPoint) => {
  it("leaves nothing behind, and the process ends by itself", { timeout: 60_000 }, async () => {
    writeFileSync(path.join(consumer, "watch.mjs"), watcher);
    const { stdout, stderr } = await run(
      process.execPath,
      ["watch.mjs", `@cocoonstack/common/${entryPoint}`],
      { cwd: consumer, timeout: 30_000 },
    );
    const { before, after } = JSON.parse(stdout) as Record<"before" | "after", unknown>;
    expect(stderr).toBe("");
    expect(after).toEqual(before);
  });
});

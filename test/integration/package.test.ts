import { execFile, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { applyVMRuntime, applyVMSpec, parseVMSpec } from "@cocoonstack/common/meta";
import { build } from "esbuild";
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

/** Uses of each entry point, as code in which `m` is the module, and what they have to give after a turn through JSON. */
const uses: Readonly<
  Record<(typeof entryPoints)[number], readonly (readonly [code: string, result: unknown])[]>
> = {
  "apis/v1": [
    [`m.decodeCocoonSet({ spec: { agent: { image: "demo" } } }).ok`, true],
    [`m.decodeCocoonHibernation({ spec: [] }).path`, "spec"],
    [`m.validateCocoonSet({ spec: { agent: { image: "a", mode: "walk" } } }).path`, "spec.agent.mode"],
    [`[m.agentModeWithDefault(""), m.isValidBackend("qemu")]`, ["clone", false]],
    [`["20Gi", "Gi", "20 GB"].map(m.parsesAsQuantity)`, [true, true, false]],
    [`m.cocoonSetSchema.properties.spec.type`, "object"],
  ],
  meta: [
    [`m.hasCocoonTolerationKey([{ key: "virtual-kubelet.io/provider" }])`, true],
    [`m.vmNameForDeployment("shop", "web", 2)`, "vk-shop-web-2"],
    [`m.extractAgentSlot("shop", "web", "vk-shop-web-2")`, 2],
    [`m.stampCocoonSetGeneration({}, 7)`, { "cocoonset.cocoonstack.io/generation": "7" }],
    [`m.readHibernateState({ metadata: { annotations: m.applyHibernateState({}, true) } })`, true],
    [`[m.quantityString("1024Mi"), m.podNodePool({})]`, ["1Gi", "default"]],
  ],
  k8s: [
    [`String(m.parseDurationNs("1m2ns"))`, "60000000002"],
    [`m.envOrDefault("COCOON_NO_SUCH_VARIABLE", "none")`, "none"],
    [`m.mergePatchOf({ a: 1, b: 2 }, { a: 1, c: 3 })`, { b: null, c: 3 }],
    [`m.annotationsMergePatch({ a: null })`, { metadata: { annotations: { a: null } } }],
    [`m.decodeUnstructured({ spec: { agent: { image: "demo" } } }, "CocoonSet").spec.agent.image`, "demo"],
    [`m.errorCode(Object.assign(new Error("gone"), { code: "ENOENT" }))`, "ENOENT"],
    [`m.sleep(1)`, true],
    // These two load what is only loaded when it is needed.
    [
      `m.generateSelfSignedCert("demo", "127.0.0.1").then((pair) => pair.certPem.split("\\n")[0])`,
      "-----BEGIN CERTIFICATE-----",
    ],
    [`m.newClientset({}).then(({ core }) => typeof core.listNamespacedPod)`, "function"],
  ],
  "k8s/admission": [
    [`m.allow({ warnings: ["careful"] })`, { allowed: true, warnings: ["careful"] }],
    [`m.deny("no").status`, { message: "no", code: 403, reason: "Forbidden" }],
    [`m.escapeJSONPointer("a/b~c")`, "a~1b~0c"],
    [`atob(m.marshalPatch([{ op: "remove", path: "/a" }]))`, `[{"op":"remove","path":"/a"}]`],
    [`m.decodeReview(Buffer.from("{}")).ok`, false],
    [`typeof m.serve(() => m.allow())`, "function"],
  ],
  auth: [
    [`m.randomState().length`, 32],
    [
      `m.verifySession(m.signSession({ user: "ann", email: "ann@example.com", exp: 0 }, "key"), "key")`,
      { user: "ann", email: "ann@example.com", exp: 0 },
    ],
    [
      `m.verifySession(m.signSession({ user: "ann", email: "", exp: 0 }, "key"), "other") === undefined`,
      true,
    ],
  ],
  httpx: [
    [`m.parseListenAddress("[::1]:8443")`, { host: "::1", port: 8443 }],
    [`m.formatListenAddress({ host: "::1", port: 8443 })`, "[::1]:8443"],
    [
      `new Promise((resolve, reject) => {
        const stop = new AbortController();
        const handler = (_request, response) => void response.end("served");
        const server = m.newServer({ name: "demo", address: "127.0.0.1:0", handler });
        let text = "";
        const onReady = ([address]) =>
          void fetch("http://" + m.formatListenAddress(address))
            .then(async (answer) => void (text = await answer.text()))
            .finally(() => stop.abort());
        m.run([server], { signal: stop.signal, shutdownTimeoutMs: 5000, onReady }).then(() => resolve(text), reject);
      })`,
      "served",
    ],
  ],
  log: [
    [`m.levels.length`, 6],
    [
      `(() => {
        const lines = [];
        const log = m.setup("LEVEL", { env: { LEVEL: "warn" }, destination: { write: (line) => lines.push(line) } });
        log.info("quiet");
        log.warn({ token: "secret" }, "loud");
        return lines.map((line) => JSON.parse(line)).map(({ level, msg, token }) => [level, msg, token]);
      })()`,
      [["warn", "loud", "[redacted]"]],
    ],
    [
      `(() => { try { m.setup("LEVEL", { env: { LEVEL: "loud" } }); } catch (error) { return error instanceof m.LogLevelError; } })()`,
      true,
    ],
  ],
};

/** The end of both programs: uses each entry point, reads the CRDs, and prints what it found. */
const use = `
const uses = {
${entryPoints.map((entryPoint) => `"${entryPoint}": [${uses[entryPoint].map(([code]) => `(m) => ${code}`).join(", ")}],`).join("\n")}
};
const isExport = (module, name) => name !== "module.exports" && name !== "__esModule" && module[name] !== undefined;
const main = async () => {
  const names = {};
  const results = {};
  for (const [entryPoint, module] of Object.entries(modules)) {
    names[entryPoint] = Object.keys(module).filter((name) => isExport(module, name)).sort();
    results[entryPoint] = await Promise.all(uses[entryPoint].map((call) => call(module)));
  }
  const kinds = crds.map((file) => /^kind: (.*)$/m.exec(readFileSync(file, "utf8"))[1]);
  console.log(JSON.stringify({ node: process.versions.node, names, results, kinds }));
};
void main();
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

/** The least and the newest Node that the package is for, whatever this one is: plain npm packages, without an install script. */
const nodes = [20, 24];

describe.each(nodes)("an installed package under Node %d", (major) => {
  const node = ["exec", "--yes", ...quiet, `--package=node-linux-${process.arch}@${major}`, "-c"];

  it.each(Object.entries(programs))("works with %s", { timeout: 180_000 }, async (file, program) => {
    writeFileSync(path.join(consumer, file), program);
    const { stdout } = await run("npm", [...node, `node ${file}`], { cwd: consumer });
    const results = Object.fromEntries(
      entryPoints.map((entryPoint) => [entryPoint, uses[entryPoint].map(([, result]) => result)]),
    );
    const kinds = crds.map((crd) =>
      crd === "kustomization.yaml" ? "Kustomization" : "CustomResourceDefinition",
    );
    const version: unknown = expect.stringMatching(new RegExp(`^${major}\\.`));
    expect(JSON.parse(stdout)).toEqual({ node: version, names, results, kinds });
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

/** What of the installed packages goes into a bundle of `code`, and the bundle itself. */
async function bundle(code: string): Promise<{ readonly inputs: readonly string[]; readonly text: string }> {
  const { metafile, outputFiles, warnings } = await build({
    stdin: { contents: code, resolveDir: consumer, loader: "js" },
    bundle: true,
    format: "esm",
    platform: "node",
    metafile: true,
    write: false,
    absWorkingDir: consumer,
    legalComments: "none",
    logLevel: "silent",
  });
  // Said of an import for nothing but its effects: there are none.
  expect(warnings.filter(({ id }) => id !== "ignored-bare-import")).toEqual([]);
  const inputs = Object.values(metafile.outputs)
    .flatMap((output) => Object.entries(output.inputs))
    .filter(([file, { bytesInOutput }]) => bytesInOutput > 0 && file !== "<stdin>")
    .map(([file]) => file.replace("node_modules/@cocoonstack/common/dist/", ""));
  return { inputs: inputs.sort(), text: outputFiles.map(({ text }) => text).join("") };
}

describe("a bundle", () => {
  it.each([
    ["vmNameForPod", "meta", ["meta/vm-names.js"]],
    ["hasCocoonTolerationKey", "meta", ["meta/keys.js", "meta/tolerations.js"]],
    ["readHibernateState", "meta", ["meta/annotated.js", "meta/hibernate-state.js", "meta/keys.js"]],
    ["parseDurationNs", "k8s", ["k8s/parse-duration.js"]],
    ["newReadyCondition", "k8s", ["k8s/condition.js"]],
    ["escapeJSONPointer", "k8s/admission", ["k8s/admission/json-patch.js"]],
    ["levels", "log", ["log/level.js"]],
  ])("with %s of %s holds what that needs and nothing else", async (name, entryPoint, inputs) => {
    const bundled = await bundle(
      `import { ${name} } from "@cocoonstack/common/${entryPoint}"; console.log(${name});`,
    );
    expect(bundled.inputs).toEqual(inputs);
  });

  it("of one name function is that function", async () => {
    const { text } = await bundle(
      `import { vmNameForPod } from "@cocoonstack/common/meta"; console.log(vmNameForPod("shop", "web"));`,
    );
    const code = text.split("\n").filter((line) => line !== "" && !line.startsWith("//"));
    expect(code).toEqual([
      "var vmNameForPod = (namespace, podName) => `vk-${namespace}-${podName}`;",
      'console.log(vmNameForPod("shop", "web"));',
    ]);
  });

  it.each(entryPoints)("of nothing but the import of %s is empty", async (entryPoint) => {
    expect(await bundle(`import "@cocoonstack/common/${entryPoint}";`)).toEqual({ inputs: [], text: "" });
  });

  it("has third-party code where it is used", async () => {
    const { inputs } = await bundle(
      `import { setup } from "@cocoonstack/common/log"; setup("COCOON_LOG_LEVEL");`,
    );
    expect(inputs.filter((file) => file.startsWith("node_modules/pino/"))).not.toEqual([]);
  });
});

describe("examples/print-vm", () => {
  const folder = path.join(repository, "examples/print-vm");
  const printVM = (
    pod: unknown,
  ): { readonly status: number | null; readonly stdout: string; readonly stderr: string } => {
    copyFileSync(path.join(folder, "print-vm.mjs"), path.join(consumer, "print-vm.mjs"));
    return spawnSync(process.execPath, ["print-vm.mjs"], {
      cwd: consumer,
      input: JSON.stringify(pod),
      encoding: "utf8",
    });
  };

  it("prints the VM of a pod", () => {
    const spec = { ...parseVMSpec({}), vmName: "vk-prod-demo-0", image: "ubuntu:24.04" };
    const annotations = applyVMSpec({}, spec);
    expect(printVM({ metadata: { name: "demo-0", annotations } })).toMatchObject({
      status: 0,
      stdout: "vk-prod-demo-0  ubuntu:24.04  not started yet\n",
    });
    const started = applyVMRuntime(
      { metadata: { annotations } },
      { vmID: "5e1f", ip: "10.0.0.4", vncPort: 0 },
    );
    expect(printVM({ metadata: { annotations: started } }).stdout).toMatch(
      / id 5e1f, address 10\.0\.0\.4\n$/,
    );
  });

  it("says of another pod that it has none", () => {
    expect(printVM({ metadata: { name: "web" } })).toMatchObject({
      status: 1,
      stdout: "",
      stderr: "pod web has no VM: nothing in its annotations names one\n",
    });
  });

  it("asks for the version that this is", () => {
    const versions = [folder, common].map((place) => readFileSync(path.join(place, "package.json"), "utf8"));
    const [example, library] = versions.map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(example?.["dependencies"]).toEqual({ "@cocoonstack/common": library?.["version"] });
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
  it("leaves nothing behind, and the process ends by itself", async () => {
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

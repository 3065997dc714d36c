import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { executable } from "../support/build-executable.js";
import { type Exit, runExecutable } from "../support/webhook-process.js";

const repository = path.resolve(import.meta.dirname, "../..");
const example = (name: string): string => path.join(repository, "examples", name);

const image = "image: ghcr.io/cocoonstack/cocoon/ubuntu:24.04";
const cocoonSet = (agent: string, name = "demo"): string =>
  `apiVersion: cocoonset.cocoonstack.io/v1\nkind: CocoonSet\nmetadata:\n  name: ${name}\nspec:\n  agent:\n    ${agent}\n`;
const statefulSet = (replicas: number | string, start = 0, key = "virtual-kubelet.io/provider"): string =>
  `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: agents, namespace: prod}\nspec:\n` +
  `  replicas: ${replicas}\n  ordinals:\n    start: ${start}\n  updateStrategy: {type: OnDelete}\n` +
  `  template:\n    spec:\n      tolerations:\n        - key: ${key}\n`;
const hibernation = (pod: string): string =>
  `apiVersion: cocoonset.cocoonstack.io/v1\nkind: CocoonHibernation\nmetadata:\n  name: demo-0\nspec:\n  desire: Wake\n  podRef:\n    name: ${pod}\n`;

const list = (...objects: readonly string[]): string =>
  `apiVersion: v1\nkind: List\nitems:\n${objects.map((object) => `  - ${object.replaceAll("\n", "\n    ").trimEnd()}\n`).join("")}`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cocoon-check-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes a file below the folder, and gives its path. */
async function file(name: string, content: string | Uint8Array): Promise<string> {
  const place = path.join(folder, name);
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, content);
  return place;
}

const check = (...args: string[]): Promise<Exit> => runExecutable(["check", ...args]);

interface Json {
  readonly schemaVersion: number;
  readonly summary: Readonly<Record<string, number>>;
  readonly findings: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly rule: string;
    readonly field: string;
  }[];
}

/** The findings as `line:column rule field`, and the exit code. */
async function found(...args: string[]): Promise<(string | number | null)[]> {
  const { stdout, code } = await check("-o", "json", ...args);
  const { findings } = JSON.parse(stdout) as Json;
  return [...findings.map(({ line, column, rule, field }) => `${line}:${column} ${rule} ${field}`), code];
}

/** Runs it with something on standard input. */
async function piped(
  input: string,
  env: NodeJS.ProcessEnv,
  ...args: string[]
): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(process.execPath, [executable, "check", ...args], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  child.stdin.end(input);
  return { stdout: await text(child.stdout), code: await ended };
}

describe("cocoon-webhook check", () => {
  it("says what a cluster would say of the examples, and where", async () => {
    expect(await found(example("stray-pod.yaml"))).toEqual(["11:7 stray-pod spec.tolerations[0]", 1]);
    expect(await found(example("cocoonset-invalid.yaml"))).toEqual([
      "8:3 invalid-spec spec.agent.mode",
      "14:7 invalid-spec spec.toolboxes[0].backend",
      "15:7 invalid-spec spec.toolboxes[1].staticIP",
      "15:7 invalid-spec spec.toolboxes[1].staticVMID",
      1,
    ]);
  });

  it("prints what its page shows", async () => {
    const page = await readFile(path.join(repository, "docs/check.md"), "utf8");
    const [, args = "", shown] = /^\$ npx cocoon-webhook check (.*)\n([^]*?)^```$/m.exec(page) ?? [];
    expect((await check(...args.split(" "))).stdout).toBe(shown);
  });

  it("passes what a cluster would take", async () => {
    const { code, stdout, stderr } = await check(example("cocoonset.yaml"), example("ordinary-pod.yaml"));
    expect([code, stdout, stderr]).toEqual([0, "2 objects in 2 files: 0 errors, 0 warnings\n", ""]);
  });

  it("lets warnings pass, but not with --strict", async () => {
    const { code, stdout } = await check(example("cocoon-deployment.yaml"));
    expect(stdout).toMatch(
      /cocoon-deployment\.yaml:20:11: warning: .* \[workload-warning\]\n.*will be refused/,
    );
    expect(stdout).toMatch(/\n1 object in 1 file: 0 errors, 1 warning\n$/);
    expect(code).toBe(0);
    expect((await check("--strict", example("cocoon-deployment.yaml"))).code).toBe(1);
  });

  it("finds fields that the API does not have, and values that its schema does not allow", async () => {
    const set = await file("fields.yaml", cocoonSet(`${image}\n    replica: 2\n    probePort: 70000`));
    expect(await found(set)).toEqual([
      "8:5 unknown-field spec.agent.replica",
      "9:5 schema spec.agent.probePort",
      1,
    ]);
  });

  it("reads folders with all below, in order, and each file once", async () => {
    const pod = "apiVersion: v1\nkind: Pod\nspec: {tolerations: [{key: virtual-kubelet.io/provider}]}\n";
    for (const name of ["b.yml", "a/z.yaml", "a/c.json", "not-a-manifest.txt"])
      await file(`folder/${name}`, pod);
    await symlink("..", path.join(folder, "folder/a/back"));
    const place = path.join(folder, "folder");
    const { stdout } = await check("-o", "json", place, path.join(place, "b.yml"));
    const { findings } = JSON.parse(stdout) as Json;
    expect(findings.map((finding) => path.relative(place, finding.file))).toEqual([
      "a/c.json",
      "a/z.yaml",
      "b.yml",
    ]);
  });

  it("reads standard input, and what a List holds", async () => {
    const list = {
      apiVersion: "v1",
      kind: "List",
      items: [
        { apiVersion: "v1", kind: "Service" },
        { apiVersion: "v1", kind: "Pod", spec: { tolerations: [{ key: "virtual-kubelet.io/provider" }] } },
      ],
    };
    const { code, stdout } = await piped(JSON.stringify(list, null, 2), {}, "-");
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^stdin:14:11: error: Pod default\/\(unnamed\): spec\.tolerations\[0\] \[stray-pod\]\n/,
    );
    expect(stdout).toMatch(/\n2 objects in 1 file: 1 error, 0 warnings\n$/);
  });

  it("is content where nobody reads to the end", async () => {
    const pod = "kind: Pod\napiVersion: v1\nspec: {tolerations: [{key: virtual-kubelet.io/provider}]}\n---\n";
    const many = await file("many.yaml", pod.repeat(2000));
    const child = spawn(process.execPath, [executable, "check", many], { stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.stdout.once("data", () => child.stdout.destroy());
    expect([await text(child.stderr), await ended]).toEqual(["", 1]);
  });

  it.each<[string, (text: string) => Uint8Array]>([
    ["a byte order mark", (text) => Buffer.from(`\uFEFF${text}`)],
    ["CRLF", (text) => Buffer.from(text.replaceAll("\n", "\r\n"))],
    ["UTF-16", (text) => Buffer.from(`\uFEFF${text}`, "utf16le")],
    ["UTF-16 the other way round", (text) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16()],
  ])("reads text with %s, and counts its columns as editors do", async (_, encoded) => {
    const pod = "{apiVersion: v1, kind: Pod, spec: {tolerations: [{key: virtual-kubelet.io/provider}]}}\n";
    const odd = await file("encoded.yaml", encoded(`${pod}---\n# é\n${pod}`));
    expect(await found(odd)).toEqual([
      "1:50 stray-pod spec.tolerations[0]",
      "4:50 stray-pod spec.tolerations[0]",
      1,
    ]);
  });

  it.each<[string, (set: string) => string]>([
    ["documents", (set) => set],
    ["lists", (set) => list(set)],
  ])(
    "holds one at a time of many %s, in files and from standard input",
    { timeout: 300_000 },
    async (name, wrap) => {
      const set = (index: number): string => `${wrap(cocoonSet(image, `set-${index}`))}---\n`;
      const many = Array.from({ length: 4000 }, (_, index) => set(index)).join("");
      // In megabytes; enough for one document, not for what 4000 take while they are read.
      const env = { NODE_OPTIONS: "--max-old-space-size=32" };
      const clean = { stdout: "4000 objects in 1 file: 0 errors, 0 warnings\n", code: 0 };
      expect(await runExecutable(["check", await file(`many-${name}.yaml`, many)], env)).toMatchObject(clean);
      expect(await piped(many, env, "-")).toEqual(clean);
    },
  );

  it("has no colours in a pipe", async () => {
    const { stdout } = await runExecutable(["check", example("stray-pod.yaml")], { TERM: "xterm" });
    expect(stdout).not.toContain("\u001B");
  });
});

describe("colours on a terminal", () => {
  // script (util-linux) runs a command on a terminal of its own.
  const onTerminal = (env: NodeJS.ProcessEnv): Promise<Exit> =>
    runExecutable([], { TERM: "xterm", ...env }, [
      ...(["script", "-qec"] as const),
      `${process.execPath} ${executable} check ${example("stray-pod.yaml")}`,
      "/dev/null",
    ]);

  it("are there, but not with NO_COLOR", async ({ skip }) => {
    const coloured = await onTerminal({}).catch(() => undefined);
    if (coloured === undefined) skip("script is not installed");
    expect(coloured?.stdout).toContain("\u001B[31merror\u001B[0m");
    expect((await onTerminal({ NO_COLOR: "1" })).stdout).not.toContain("\u001B");
  });
});

describe("check --old", () => {
  it.each([
    ["fewer replicas", statefulSet(3), statefulSet(1), ["5:3 scale-down spec.replicas", 1]],
    ["fewer replicas in octal", statefulSet(9), statefulSet("010"), ["5:3 scale-down spec.replicas", 1]],
    ["no fewer in binary", statefulSet(3), statefulSet("0b11"), [0]],
    ["moved ordinals", statefulSet(3), statefulSet(3, 1), ["7:5 ordinals-removed spec.ordinals.start", 1]],
    [
      "a toleration that goes",
      statefulSet(3),
      statefulSet(3, 0, "other"),
      ["10:5 toleration-removed spec.template.spec", 1],
    ],
    ["another pod", hibernation("demo-0"), hibernation("demo-1"), ["7:3 immutable-field spec.podRef", 1]],
    [
      "fewer agents, as a warning",
      cocoonSet(`${image}\n    replicas: 2`),
      cocoonSet(image),
      ["5:1 cocoonset-warning spec", 0],
    ],
    ["what a List holds", list(statefulSet(3)), list(statefulSet(1)), ["8:7 scale-down spec.replicas", 1]],
    ["a List in single objects", list(statefulSet(3)), statefulSet(1), ["5:3 scale-down spec.replicas", 1]],
    ["nothing, where nothing changes", statefulSet(3), statefulSet(3), [0]],
    ["nothing, where an invalid spec stays", cocoonSet("mode: walk"), cocoonSet("mode: walk"), [0]],
    [
      "a new object as such",
      statefulSet(3),
      statefulSet(3).replace("prod", "other"),
      ["12:11 workload-warning spec.template.spec.tolerations[0]", 0],
    ],
  ])("finds %s", async (name, before, after, expected) => {
    const place = name.replaceAll(/\W+/g, "-");
    const old = await file(`old/${place}/a.yaml`, before);
    expect(await found("--old", path.dirname(old), await file(`new/${place}.yaml`, after))).toEqual(expected);
  });
});

describe("what cannot be checked", () => {
  it("is reported all at once, besides what was found", async () => {
    const broken = await file("broken.yaml", "apiVersion: v1\nkind: [\n");
    const binary = await file("binary.yaml", new Uint8Array([0x61, 0xff, 0x00]));
    const missing = path.join(folder, "missing.yaml");
    await mkdir(path.join(folder, "empty"));
    const empty = path.join(folder, "empty");
    const { code, stdout, stderr } = await check(broken, missing, binary, empty, example("stray-pod.yaml"));
    expect(code).toBe(2);
    expect(stdout).toContain("[stray-pod]");
    expect(stdout).toMatch(/\n1 object in 2 files: 1 error, 0 warnings, 4 not checked\n$/);
    expect(stderr.trimEnd().split("\n").sort()).toEqual([
      `cocoon-webhook: ${binary} is not text in UTF-8 or UTF-16`,
      expect.stringMatching(/^cocoon-webhook: .*broken\.yaml:3:1: is not YAML: Flow sequence/),
      `cocoon-webhook: ${empty} holds no .yaml, .yml or .json file`,
      `cocoon-webhook: ${missing} does not exist`,
    ]);
  });

  it("is said of each file and folder by itself", async () => {
    const place = path.join(folder, "odd");
    await file("odd/good.yaml", "kind: Service\napiVersion: v1\n");
    await file("odd/empty.yaml", "");
    await symlink("loop.yaml", path.join(place, "loop.yaml"));
    await symlink("nowhere.yaml", path.join(place, "dangling.yaml"));
    await mkdir(path.join(place, "folder.yaml"));
    const { code, stdout, stderr } = await check(place);
    expect([code, stdout]).toEqual([2, "1 object in 2 files: 0 errors, 0 warnings, 2 not checked\n"]);
    expect(stderr).toBe(
      `cocoon-webhook: ${place}/dangling.yaml does not exist\n` +
        `cocoon-webhook: ${place}/loop.yaml cannot be read: it is a link that leads back to itself\n`,
    );
  });

  it("is what holds no object at all, such as the output of a command that failed", async () => {
    expect((await piped("", {}, "-")).code).toBe(2);
    const [empty, comments] = [
      await file("nothing/a.yaml", ""),
      await file("nothing/b.yaml", "\uFEFF# nothing\r\n"),
    ];
    const { code, stderr } = await check(empty, comments);
    expect([code, stderr]).toEqual([
      2,
      [empty, comments]
        .map((name) => `cocoon-webhook: ${name} holds no object, so nothing was checked\n`)
        .join(""),
    ]);
  });

  it.each([
    ["deep nesting", "[".repeat(50_000), /deep\.yaml:1:253: is nested more than 250 deep/],
    [
      "an alias bomb",
      `${Array.from({ length: 40 }, (_, i) => `l${i}: &l${i} {<<: [${i === 0 ? "" : `*l${i - 1}, *l${i - 1}`}]}`).join("\n")}\n`,
      /stand for more than 1000000/,
    ],
  ])("is %s, which takes nothing down", async (_, text, message) => {
    const { code, stdout, stderr } = await check(await file("deep.yaml", text), example("stray-pod.yaml"));
    expect([code, stdout.includes("[stray-pod]")]).toEqual([2, true]);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain("\n");
  });

  it("is so in --old, too", async () => {
    const { code, stderr } = await check("--old", path.join(folder, "none"), example("cocoonset.yaml"));
    expect([code, stderr]).toEqual([2, `cocoon-webhook: ${path.join(folder, "none")} does not exist\n`]);
  });

  it.each([
    ["an empty file", ""],
    ["comments", "---\n# nothing\n"],
  ])("is --old with %s, which a command that failed leaves behind", async (_, content) => {
    const [now, next] = [await file("now.yaml", content), await file("next.yaml", statefulSet(1))];
    const { code, stdout, stderr } = await check("--old", now, next);
    expect([code, stderr]).toEqual([
      2,
      `cocoon-webhook: ${now} holds no document; where nothing is in the cluster yet, leave it out or write a List without items\n`,
    ]);
    expect(stdout).toContain("[workload-warning]");
  });

  it("is not --old with an empty List, which says that nothing is there", async () => {
    const now = await file("none.yaml", "apiVersion: v1\nkind: List\nitems: []\n");
    expect((await check("--old", now, example("cocoonset.yaml"))).code).toBe(0);
  });

  it("is an input without objects, whatever else is wrong", async () => {
    const [nothing, none] = [await file("nothing.yaml", ""), path.join(folder, "none")];
    const { stderr } = await check("--old", none, nothing);
    expect(stderr).toContain(`${nothing} holds no object`);
    expect(stderr).toContain(`${none} does not exist`);
  });

  it("is a namespace that can be none, and standard input for two things", async () => {
    expect(await check("-n", "Team_A", "--old", "-", "-")).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(
        /^cocoon-webhook: the --namespace flag must be the name of a namespace; it is "Team_A": a lowercase RFC 1123 label .*\ncocoon-webhook: standard input can be given once: name a file .*\n$/,
      ) as string,
    });
  });

  it("is standard input by the one name that it has everywhere", async () => {
    expect((await check("-")).stderr).toBe("cocoon-webhook: stdin holds no object, so nothing was checked\n");
  });

  it.each([[[]], [["-o", "xml", "a.yaml"]], [["--no-such-option", "a.yaml"]]])(
    "is nothing at all with the arguments %j",
    async (args) => {
      expect(await check(...args)).toMatchObject({ code: 2, stdout: "" });
    },
  );
});

describe("check -o", () => {
  it("json has a schema version and counts", async () => {
    const { stdout } = await check("-o", "json", example("stray-pod.yaml"));
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      summary: { objects: 1, files: 1, findings: 1, warnings: 0, faults: 0 },
      findings: [
        { severity: "error", object: { group: "", kind: "Pod", namespace: "default", name: "stray" } },
      ],
      faults: [],
    });
  });

  it.each([
    ["github", /^::error file=[^,]*stray-pod\.yaml,line=11,col=7,title=Pod default\/stray \[stray-pod\]::/],
    ["sarif", /"ruleId": "stray-pod"/],
    ["junit", /<failure type="stray-pod"/],
  ])("%s names the rule", async (format, expected) => {
    const { code, stdout } = await check("-o", format, example("stray-pod.yaml"));
    expect(stdout).toMatch(expected);
    expect(code).toBe(1);
  });
});

describe("cocoon-webhook rules and explain", () => {
  it("list every rule, and explain one", async () => {
    const [list, one] = await Promise.all([
      runExecutable(["rules"]),
      runExecutable(["explain", "scale-down"]),
    ]);
    expect(list.stdout).toMatch(/^stray-pod +error +a pod with the cocoon toleration/);
    expect(list.stdout).toMatch(/^duplicate-object +warning +an object that stands in the input twice$/m);
    expect(one.stdout).toMatch(/^scale-down \(error\): fewer replicas/);
    expect(one.stdout).toMatch(/^Found here, where - is what [^:]*:\n\n {6}apiVersion: apps\/v1$/m);
    expect(one.stdout).toMatch(/^ {4}- {3}replicas: 3\n {4}\+ {3}replicas: 1$/m);
    expect(one.stdout).toMatch(
      /^Not found here, [^:]*:\n\n {6}spec:\n {4}- {3}replicas: 3\n {4}\+ {3}replicas: 5\n$/m,
    );
    expect([list.code, one.code]).toEqual([0, 0]);
  });

  it("name the rule that was probably meant", async () => {
    const { code, stdout, stderr } = await runExecutable(["explain", "stray-pods"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("cocoon-webhook: there is no rule 'stray-pods'; did you mean stray-pod?");
  });
});

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { junitFaults, testCaseValues } from "../support/junit-faults.js";
import { closedReportFaults, reportFaults } from "../support/report-faults.js";
import { codeScanningFaults, sarifFaults } from "../support/sarif-faults.js";
import { runExecutable } from "../support/webhook-process.js";

const repository = path.resolve(import.meta.dirname, "../..");
const example = (name: string): string => path.join(repository, "examples", name);

const strayPod = "apiVersion: v1\nkind: Pod\nspec: {tolerations: [{key: virtual-kubelet.io/provider}]}\n";

/** Names that are awkward in URIs, in XML or in JSON. */
const oddNames = [
  ...[
    "a b.yaml",
    "50%.yaml",
    "#?.yaml",
    "back\\slash.yaml",
    "a:b.yaml",
    "quote\"s' and ]]>.yaml",
    "<&>.yaml",
  ],
  ...["tab\tand\nline\r.yaml", "escape\u001B[31m.yaml", "é-日本-😀.yaml", "[x](y){0}.yaml"],
];

/** What an object may be called where nobody has checked its name yet. */
const hostile = "]]>\"'<&>\u0000\u0007\u001B[31m\n\r\t\u2028\uFFFF\uD800 {0} [a](b) é😀";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cocoon-reports-"));
  await mkdir(path.join(folder, "odd"));
  for (const name of oddNames) await writeFile(path.join(folder, "odd", name), strayPod);
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: hostile, namespace: hostile } };
  const set = { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", spec: { [hostile]: 1 } };
  const tolerations = [{ key: "virtual-kubelet.io/provider" }];
  const objects = [{ ...pod, spec: { tolerations } }, set, { ...set, kind: hostile }, [hostile]];
  await writeFile(
    path.join(folder, "hostile.yaml"),
    objects.map((object) => JSON.stringify(object)).join("\n---\n"),
  );
  await writeFile(path.join(folder, "broken.yaml"), `kind: Pod\nb: []]><\u0085'"\n`);
});
afterAll(() => rm(folder, { recursive: true }));

/** Every kind of report: its arguments, and the exit code that shows that it is one. */
const reports: readonly [title: string, args: () => readonly string[], code: number][] = [
  ["nothing found", () => [example("cocoonset.yaml"), example("ordinary-pod.yaml")], 0],
  ["only warnings", () => [example("cocoon-deployment.yaml")], 0],
  ["every rule's examples, which are several files", () => [example("rules")], 1],
  [
    "a change, with --old",
    () => [
      "--old",
      path.join(repository, "examples-before/rules/scale-down/bad.yaml"),
      example("rules/scale-down/bad.yaml"),
    ],
    1,
  ],
  ["files with odd names", () => [path.join(folder, "odd")], 1],
  ["objects with hostile names and fields", () => [path.join(folder, "hostile.yaml")], 1],
  [
    "faults besides findings",
    () => [
      ...[path.join(folder, "broken.yaml"), path.join(folder, `missing]]>"\n.yaml`)],
      ...["--old", path.join(folder, "no-old.yaml"), example("stray-pod.yaml")],
    ],
    2,
  ],
  ["standard input without any object", () => ["-"], 2],
];

async function report(format: string, args: readonly string[], code: number): Promise<string> {
  const exit = await runExecutable(["check", "-o", format, ...args]);
  expect(exit.code).toBe(code);
  return exit.stdout;
}

interface Fault {
  readonly line?: number;
}

interface Located {
  readonly locations: readonly [
    { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } },
  ];
}

describe("check -o json", () => {
  it.each(reports)("%s: is what its published schema says, and nothing else", async (_, args, code) => {
    expect(closedReportFaults(await report("json", args(), code))).toEqual([]);
  });

  it("has places of faults that have one, and none of the others", async () => {
    const text = await report("json", [path.join(folder, "broken.yaml"), path.join(folder, "none.yaml")], 2);
    const { faults } = JSON.parse(text) as { faults: readonly Fault[] };
    expect(faults.map(({ line }) => line)).toEqual([2, undefined]);
  });

  it("is shown in its page as it is", async () => {
    const page = await readFile(path.join(repository, "docs/check.md"), "utf8");
    const [, shown = ""] = /^```json\n([^]*?)^```$/m.exec(page) ?? [];
    expect(closedReportFaults(shown)).toEqual([]);
  });

  it("may have more fields in a later release, by the same schema", async () => {
    const text = await report("json", [example("stray-pod.yaml")], 1);
    const later = text.replace('"file":', '"added": 1,\n"file":');
    expect(reportFaults(later)).toEqual([]);
    expect(closedReportFaults(later)).not.toEqual([]);
  });
});

describe("check -o sarif", () => {
  it.each(reports)("%s: is what SARIF 2.1.0 and code scanning ask for", async (_, args, code) => {
    const text = await report("sarif", args(), code);
    expect(sarifFaults(text)).toEqual([]);
    expect(codeScanningFaults(text)).toEqual([]);
  });

  it("leads back to files with odd names", async () => {
    const text = await report("sarif", [path.join(folder, "odd")], 1);
    const { runs } = JSON.parse(text) as { runs: [{ results: readonly Located[] }] };
    const names = runs[0].results.map(({ locations: [{ physicalLocation }] }) => {
      const { pathname } = new URL(physicalLocation.artifactLocation.uri, "file:///");
      return path.basename(decodeURIComponent(pathname));
    });
    expect(names.sort()).toEqual([...oddNames].sort());
  });
});

describe("check -o junit", () => {
  it.each(reports)("%s: is well-formed, of JUnit's shape, and counts its cases", async (_, args, code) => {
    const xml = await report("junit", args(), code);
    expect(await junitFaults(xml)).toEqual([]);
    const tests = /<testsuite [^>]*tests="(\d+)"/.exec(xml)?.[1];
    expect(Number(tests)).toBe((await testCaseValues(xml, "name")).length);
  });

  it("keeps the names of files, but for characters that XML cannot hold", async () => {
    const xml = await report("junit", [path.join(folder, "odd")], 1);
    const names = (await testCaseValues(xml, "classname")).map((file) => path.basename(file));
    expect(names.sort()).toEqual(oddNames.map((name) => name.replace("\u001B", "\uFFFD")).sort());
  });
});

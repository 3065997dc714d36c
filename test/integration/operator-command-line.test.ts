import path from "node:path";
import { describe, expect, it } from "vitest";
import { operatorExecutable } from "../support/build-executable.js";
import { type Exit, runExecutable } from "../support/webhook-process.js";

const repository = path.resolve(import.meta.dirname, "../..");
const plan = (...args: readonly string[]): Promise<Exit> =>
  runExecutable(["plan", ...args], {}, [process.execPath, operatorExecutable]);
const example = (name: string): string => path.join(repository, "examples", name);

describe("cocoon-operator plan", () => {
  it("prints the pods of a CocoonSet", async () => {
    const { code, stdout, stderr } = await plan(example("cocoonset.yaml"));
    expect([code, stderr]).toEqual([0, ""]);
    const names = [...stdout.matchAll(/^ {2}name: (.+)$/gm)].map(([, name]) => name);
    expect(names).toEqual(["demo-0", "demo-1", "demo-2", "demo-windows"]);
  });

  it("ends with 1 where a field is misspelt, and says which", async () => {
    const { code, stdout, stderr } = await plan(example("rules/unknown-field/bad.yaml"));
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^cocoon-operator: .*bad\.yaml, document 1: CocoonSet: spec\.agent\.replica is dropped here, as an API server drops it, and kubectl refuses the manifest because of it: it is no field of the API; did you mean "replicas"\? [^\n]*\n$/,
      ),
    ]);
    expect(stdout).toContain("kind: Pod");
  });

  it.each([
    ["/nowhere.yaml", /^cocoon-operator: \/nowhere\.yaml cannot be read: /],
    [path.join(repository, "LICENSE"), /^cocoon-operator: .*LICENSE, document 1 is not YAML: /],
  ])("ends with 2 where %s is no file of manifests", async (file, fault) => {
    const { code, stdout, stderr } = await plan(file);
    expect([code, stdout, stderr]).toEqual([2, "", expect.stringMatching(fault)]);
  });
});

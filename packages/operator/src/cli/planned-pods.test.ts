import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { ManifestError, plannedPods } from "./planned-pods.js";

const set = (name: string, agent: object = {}, more: object = {}): string =>
  JSON.stringify({
    apiVersion: "cocoonset.cocoonstack.io/v1",
    kind: "CocoonSet",
    metadata: { name },
    spec: { agent: { image: "ubuntu:24.04", ...agent }, ...more },
  });
const planned = (...documents: readonly string[]): ReturnType<typeof plannedPods> =>
  plannedPods(documents.join("\n---\n"), "sets.yaml", "shop");
const podsIn = (yaml: string): readonly string[] =>
  parseAllDocuments(yaml).map((document) => {
    const { metadata } = document.toJS() as { readonly metadata: Readonly<Record<string, unknown>> };
    expect(Object.keys(metadata)).not.toContain("ownerReferences");
    return `${String(metadata["namespace"])}/${String(metadata["name"])}`;
  });

describe("plannedPods", () => {
  it("gives the pods of every CocoonSet, and passes over what else there is", () => {
    const other = '{"apiVersion": "v1", "kind": "ConfigMap"}';
    const { yaml, faults } = planned(
      set("a", { replicas: 1 }),
      other,
      "",
      set("b", {}, { toolboxes: [{ name: "db", image: "db" }] }),
    );
    expect([podsIn(yaml), faults]).toEqual([["shop/a-0", "shop/a-1", "shop/b-0", "shop/b-db"], []]);
  });

  it("says which fields the API server would drop, and plans what is left", () => {
    const { yaml, faults } = planned(set("a", { replica: 2 }), set("b", { IMAGE: "x" }));
    expect(podsIn(yaml)).toEqual(["shop/a-0", "shop/b-0"]);
    expect(faults).toEqual([
      expect.stringMatching(
        /^sets\.yaml, document 1: CocoonSet: spec\.agent\.replica is dropped here, as an API server drops it, and kubectl refuses the manifest because of it: it is no field of the API; did you mean "replicas"\? there are backend, /,
      ),
      expect.stringMatching(
        /^sets\.yaml, document 2: CocoonSet: spec\.agent\.IMAGE is dropped here, .* it is no field of the API; "image" is written so$/,
      ),
    ]);
  });

  it("says so beside what else is wrong with the same CocoonSet", () => {
    const { yaml, faults } = planned(set("a", { mode: "fly", replica: 2 }));
    expect(yaml).toBe("");
    expect(faults.map((fault) => fault.split(" is dropped ")[0])).toEqual([
      "sets.yaml, document 1: CocoonSet: spec.agent.replica",
      "sets.yaml, document 1: CocoonSet: spec.agent.mode must be one of clone, run",
    ]);
  });

  it("says what stands in the way of a pod, beside the pods of the others", () => {
    const { yaml, faults } = planned(set("a", {}, { toolboxes: [{ name: "7", image: "db" }] }));
    expect(podsIn(yaml)).toEqual(["shop/a-0"]);
    expect(faults).toEqual([
      'sets.yaml, document 1: toolbox "7" is not created, because its name stands for the slot of an agent: give it a name with a letter',
    ]);
  });

  it("says that there is no CocoonSet", () => {
    for (const text of ["", "text", "[1]", '{"apiVersion": "v1", "kind": "CocoonSet"}']) {
      expect(planned(text)).toEqual({ yaml: "", faults: ["sets.yaml: holds no CocoonSet"] });
    }
  });

  it("refuses what is not YAML, and says where", () => {
    expect(() => planned(set("a"), "a: [")).toThrow(ManifestError);
    expect(() => planned(set("a"), "a: [")).toThrow(/^sets\.yaml, document 2 is not YAML: /);
  });
});

import type { CocoonSet, Decoded } from "@cocoonstack/common/apis/v1";
import { describe, expect, it } from "vitest";
import { cocoonSet } from "../../../../test/support/operator/objects.js";
import { type Claimant, takenVMNames, vmNamesOf } from "./vm-claims.js";

const named = (namespace: string, name: string, created: string, spec = {}): Decoded<CocoonSet> =>
  cocoonSet({ spec, metadata: { namespace, name, creationTimestamp: `2026-01-0${created}T00:00:00Z` } });
const toolbox = (name: string): Readonly<Record<string, unknown>> => ({ toolboxes: [{ name }] });

describe("vmNamesOf", () => {
  it("names the agents and the toolboxes", () => {
    const set = cocoonSet({ agent: { replicas: 1 }, spec: toolbox("db") });
    expect(vmNamesOf(set)).toEqual(["vk-shop-demo-0", "vk-shop-demo-1", "vk-shop-demo-db"]);
  });

  it("does not write out what no cluster holds", () => {
    expect(vmNamesOf(cocoonSet({ agent: { replicas: 2 ** 31 - 1 } }))).toHaveLength(10_001);
  });
});

const claimant = (set: Decoded<CocoonSet>, ...held: readonly string[]): Claimant => ({
  set,
  held: new Set(held),
});
const vmName = "vk-a-b-c-0";

describe("takenVMNames", () => {
  it.each([
    [
      "a set whose names are joined alike",
      named("a", "b-c", "1"),
      named("a-b", "c", "2"),
      { [vmName]: "a/b-c" },
    ],
    [
      "a toolbox that is another's slot",
      named("a", "b", "1", toolbox("c-0")),
      named("a-b", "c", "2"),
      { [vmName]: "a/b" },
    ],
    ["the first of two of one age", named("a", "b-c", "1"), named("a-b", "c", "1"), { [vmName]: "a/b-c" }],
    ["a younger set", named("a", "b-c", "3"), named("a-b", "c", "2"), {}],
    ["other names", named("a", "b", "1"), named("a-b", "c", "2"), {}],
  ])("finds %s", (_, other, set, taken) => {
    expect(Object.fromEntries(takenVMNames(claimant(set), [claimant(other)]))).toEqual(taken);
  });

  it("names the oldest of several", () => {
    const others = [named("a", "b-c-d", "2"), named("a-b", "c-d", "1")].map((set) => claimant(set));
    const taken = takenVMNames(claimant(named("a-b-c", "d", "3")), others);
    expect(taken.get("vk-a-b-c-d-0")).toBe("a-b/c-d");
  });

  const older = named("a", "b", "1", toolbox("c-0"));
  const younger = named("a-b", "c", "2");

  it("leaves a VM to who has it, though an older set asks for its name", () => {
    const has = claimant(younger, vmName);
    expect(takenVMNames(has, [claimant(older)])).toEqual(new Map());
    expect(takenVMNames(claimant(older), [has])).toEqual(new Map([[vmName, "a-b/c"]]));
  });

  it("leaves a VM that is on its way out to who has it, though that set asks for its name no more", () => {
    const leaves = claimant(named("a", "b", "3"), vmName);
    expect(takenVMNames(leaves, [claimant(younger)])).toEqual(new Map());
    expect(takenVMNames(claimant(younger), [leaves])).toEqual(new Map([[vmName, "a/b"]]));
  });

  it("goes by age where both have one of that name", () => {
    const [first, second] = [claimant(older, vmName), claimant(younger, vmName)];
    expect(takenVMNames(first, [second])).toEqual(new Map());
    expect(takenVMNames(second, [first])).toEqual(new Map([[vmName, "a/b"]]));
  });
});

import type { CocoonSet, Decoded } from "@cocoonstack/common/apis/v1";
import { describe, expect, it } from "vitest";
import { cocoonSet } from "../../../../test/support/operator/objects.js";
import { type Claimant, isVMNameOf, type NameOwner, takenVMNames, vmNamesOf } from "./vm-claims.js";

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

const ownerOf = (name: string, one: Claimant, ...rivals: readonly Claimant[]): NameOwner | undefined =>
  takenVMNames(one, rivals).get(name);

describe("isVMNameOf", () => {
  it("goes by namespace and name of the set, and by no slot", () => {
    const set = { namespace: "a", name: "b" };
    const names = ["vk-a-b-0", "vk-a-b-c-0", "vk-a-b", "vk-a-bc-0", "vk-a-c-0", "a-b-0"];
    expect(names.filter((name) => isVMNameOf(set, name))).toEqual(["vk-a-b-0", "vk-a-b-c-0"]);
  });
});

describe("takenVMNames", () => {
  it.each([
    ["a set whose names are joined alike", named("a", "b-c", "1"), named("a-b", "c", "2"), "a/b-c"],
    ["a toolbox that is another's slot", named("a", "b", "1", toolbox("c-0")), named("a-b", "c", "2"), "a/b"],
    ["the first of two of one age", named("a", "b-c", "1"), named("a-b", "c", "1"), "a/b-c"],
    ["a younger set", named("a", "b-c", "3"), named("a-b", "c", "2"), undefined],
    ["other names", named("a", "b", "1"), named("a-b", "c", "2"), undefined],
  ])("finds %s", (_, other, set, owner) => {
    expect(ownerOf(vmName, claimant(set), claimant(other))).toEqual(owner && { set: owner });
  });

  it("names the oldest of several", () => {
    const others = [named("a", "b-c-d", "2"), named("a-b", "c-d", "1")].map((set) => claimant(set));
    expect(ownerOf("vk-a-b-c-d-0", claimant(named("a-b-c", "d", "3")), ...others)?.set).toBe("a-b/c-d");
  });

  const older = named("a", "b", "1", toolbox("c-0"));
  const younger = named("a-b", "c", "2");

  it("leaves a VM to who has it, though an older set asks for its name", () => {
    const has = claimant(younger, vmName);
    expect(ownerOf(vmName, has, claimant(older))).toBeUndefined();
    expect(ownerOf(vmName, claimant(older), has)).toEqual({ set: "a-b/c" });
  });

  it("leaves a VM that is on its way out to who has it, though that set asks for its name no more", () => {
    const leaves = claimant(named("a", "b", "3"), vmName);
    expect(ownerOf(vmName, leaves, claimant(younger))).toBeUndefined();
    expect(ownerOf(vmName, claimant(younger), leaves)).toEqual({ set: "a/b" });
  });

  it("goes by age where both have one of that name", () => {
    const [first, second] = [claimant(older, vmName), claimant(younger, vmName)];
    expect(ownerOf(vmName, first, second)).toBeUndefined();
    expect(ownerOf(vmName, second, first)).toEqual({ set: "a/b" });
  });

  it("leaves every name that it could have to a set of which nobody knows what it has", () => {
    const doubt = "nobody can read it";
    const doubtful = { ...claimant(named("a", "b", "3")), doubt };
    expect(ownerOf(vmName, claimant(younger), doubtful)).toEqual({ set: "a/b", doubt });
    expect(ownerOf("vk-a-b-0", doubtful, claimant(younger))).toBeUndefined();
    expect(ownerOf("vk-a-c-0", claimant(named("a", "c", "2")), doubtful)).toBeUndefined();
  });

  it("but not those of VMs that another one has", () => {
    const doubtful = { ...claimant(named("a", "b", "1")), doubt: "nobody can read it" };
    const has = claimant(younger, vmName);
    expect(ownerOf(vmName, has, doubtful)).toBeUndefined();
    expect(ownerOf(vmName, doubtful, has)).toEqual({ set: "a-b/c" });
  });
});

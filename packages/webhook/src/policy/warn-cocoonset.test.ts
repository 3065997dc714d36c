import { describe, expect, it } from "vitest";
import { admissionRequest } from "../../../../test/support/admission-request.js";
import { adviseOnCocoonSet } from "./warn-cocoonset.js";

const set = (replicas: unknown, toolboxes?: unknown, spec: object = {}): object => ({
  spec: { agent: { image: "a", replicas }, toolboxes, ...spec },
});

function warnings(overrides: Parameters<typeof admissionRequest>[1]): readonly string[] {
  const decision = adviseOnCocoonSet(admissionRequest("CocoonSet", overrides));
  if (decision.outcome !== "allow") throw new Error(`not allowed: ${decision.reason}`);
  return (decision.warnings ?? []).map(({ message }) => message);
}
const update = (oldObject: unknown, object: unknown): readonly string[] =>
  warnings({ operation: "UPDATE", oldObject, object });
const remove = (oldObject: unknown): readonly string[] => warnings({ operation: "DELETE", oldObject });

describe("adviseOnCocoonSet", () => {
  it("names the VMs that go with a set: main agent, sub-agents and toolboxes", () => {
    expect(remove(set(2, [{ name: "db" }, { name: "shared", mode: "static" }]))).toEqual([
      "CocoonSet prod/demo: its deletion removes 4 Cocoon VMs, of pods demo-0, demo-1, demo-2 and demo-db; " +
        "each leaves a snapshot (snapshotPolicy always)",
    ]);
    expect(remove(set(undefined, undefined, { snapshotPolicy: "never" }))).toEqual([
      "CocoonSet prod/demo: its deletion removes the Cocoon VM of pod demo-0; it leaves no snapshot (snapshotPolicy never)",
    ]);
  });

  it("names the highest slots when there are to be fewer agents", () => {
    expect(update(set(5), set(2))).toEqual([
      "CocoonSet prod/demo: this update removes 3 Cocoon VMs, of pods demo-3, demo-4 and demo-5; " +
        "each leaves a snapshot (snapshotPolicy always)",
    ]);
  });

  it("names the toolboxes that are gone", () => {
    expect(update(set(1, [{ name: "a" }, { name: "b" }]), set(1, [{ name: "b" }]))).toEqual([
      "CocoonSet prod/demo: this update removes the Cocoon VM of pod demo-a; it leaves a snapshot (snapshotPolicy always)",
    ]);
  });

  it("counts what it cannot list", () => {
    const [warning = ""] = update(set(1_000_000), set(0));
    expect(warning).toContain("1000000 Cocoon VMs, of pods demo-1, demo-2");
    expect(warning).toContain("more; each leaves a snapshot");
    expect(warning.length).toBeLessThanOrEqual(256);
  });

  it("is silent where nothing goes", () => {
    expect(update(set(1), set(3, [{ name: "db" }]))).toEqual([]);
    expect(update(set(1, [{ name: "a", mode: "static" }]), set(1))).toEqual([]);
    expect(warnings({ object: set(3) })).toEqual([]);
  });

  it.each([
    null,
    {},
    { spec: 1 },
    { spec: { agent: 3, toolboxes: "x" } },
    { spec: { toolboxes: [null, 1] } },
  ])("never fails on what it cannot read: %j", (odd) => {
    expect(update(odd, odd)).toEqual([]);
    expect(remove(odd).length).toBeLessThanOrEqual(1);
  });

  it("skips other kinds", () => {
    expect(adviseOnCocoonSet(admissionRequest("Pod"))).toEqual({ outcome: "skip", reason: "other-kind" });
  });
});

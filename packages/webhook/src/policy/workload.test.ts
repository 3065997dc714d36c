import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admissionRequest } from "../../../../test/support/admission-request.js";
import { decideWorkloadUpdate } from "./workload.js";

const cocoon = [{ key: "virtual-kubelet.io/provider" }];
const workload = (replicas: unknown, tolerations: unknown = cocoon): object => ({
  spec: { replicas, template: { spec: { tolerations } } },
});
const update = (
  oldObject: unknown,
  object: unknown,
  kind = "Deployment",
): ReturnType<typeof decideWorkloadUpdate> =>
  decideWorkloadUpdate(admissionRequest(kind, { operation: "UPDATE", object, oldObject }));

describe("decideWorkloadUpdate", () => {
  it.each([
    ["Deployment", 3, 1],
    ["StatefulSet", 5, 0],
    ["Deployment", 2, undefined],
    ["StatefulSet", 2, null],
    ["Deployment", undefined, 0],
  ])("refuses a %s that goes from %s to %s replicas", (kind, before, after) => {
    expect(update(workload(before), workload(after), kind)).toMatchObject({
      outcome: "deny",
      reason: "scale-down",
    });
  });

  it.each([
    [1, 3],
    [3, 3],
    [null, 1],
    [0, undefined],
  ])("allows %s to %s replicas", (before, after) => {
    expect(update(workload(before), workload(after))).toEqual({ outcome: "allow", reason: "no-scale-down" });
  });

  it("names the workload, the numbers and the way out", () => {
    expect(update(workload(3), workload(1))).toHaveProperty(
      "message",
      "Deployment prod/demo cannot be scaled from 3 to 1 replicas: its pods are Cocoon VMs, and a removed VM loses its " +
        "state; to suspend a VM and keep its state, create a CocoonHibernation that names its pod",
    );
  });

  it("looks at the old template: the toleration cannot be dropped together with the replicas", () => {
    expect(update(workload(3), workload(1, []))).toMatchObject({ reason: "scale-down" });
  });

  it("leaves workloads alone whose pods were no VMs", () => {
    expect(update(workload(3, []), workload(0))).toMatchObject({ reason: "not-cocoon" });
  });

  it.each([
    ["no old object", null, workload(1)],
    ["no new object", workload(1), undefined],
    ["no spec", {}, workload(1)],
    ["no template", { spec: { replicas: 3 } }, workload(1)],
    ["replicas that are no number", workload("3"), workload(1)],
    ["replicas with a fraction", workload(3), workload(1.5)],
  ])("skips what is no workload: %s", (_, before, after) => {
    expect(update(before, after)).toEqual({ outcome: "skip", reason: "unreadable" });
  });

  it("skips kinds that it does not guard", () => {
    expect(update(workload(3), workload(1), "DaemonSet")).toMatchObject({ reason: "other-kind" });
  });

  it.each(["CREATE", "DELETE", "CONNECT"] as const)("does not judge %s", (operation) => {
    const request = admissionRequest("Deployment", {
      operation,
      object: workload(1),
      oldObject: workload(3),
    });
    expect(decideWorkloadUpdate(request)).toMatchObject({ reason: "operation-exempt" });
  });

  it("refuses exactly fewer replicas under an old cocoon template", () => {
    const replicas = fc.option(fc.nat(9));
    const tolerations = fc.constantFrom(cocoon, [], null, [{ key: "other" }]);
    fc.assert(
      fc.property(replicas, replicas, tolerations, tolerations, (before, after, oldOnes, newOnes) => {
        const expected = oldOnes === cocoon && (after ?? 1) < (before ?? 1) ? "deny" : "allow";
        expect(update(workload(before, oldOnes), workload(after, newOnes)).outcome).toBe(expected);
      }),
    );
  });
});

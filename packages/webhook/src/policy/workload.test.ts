import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admissionRequest } from "../../../../test/support/admission-request.js";
import { decideWorkloadUpdate } from "./workload.js";

const cocoon = [{ key: "virtual-kubelet.io/provider" }];
const workload = (replicas: unknown, tolerations: unknown = cocoon): object => ({
  spec: { replicas, template: { spec: { tolerations } } },
});
const specOf = (spec: object, tolerations: unknown = cocoon): object => ({
  spec: { ...spec, template: { spec: { tolerations } } },
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

  it.each(["ReplicaSet", "ReplicationController"])("guards a %s as well", (kind) => {
    expect(update(workload(3), workload(2), kind)).toMatchObject({ reason: "scale-down" });
  });

  it("knows its kinds by their group", () => {
    const foreign = admissionRequest("Deployment", {
      kind: { group: "example.com", version: "v1", kind: "Deployment" },
      operation: "UPDATE",
      object: workload(1),
      oldObject: workload(3),
    });
    expect(decideWorkloadUpdate(foreign)).toMatchObject({ reason: "other-kind" });
  });
});

describe("decideWorkloadUpdate, of ordinals", () => {
  const from = (start: unknown, replicas: number): object => specOf({ replicas, ordinals: { start } });

  it.each([
    ["raised", from(0, 3), from(1, 3), "0..2 to 1..3"],
    ["lowered, so that the last one falls out", from(2, 3), from(0, 3), "2..4 to 0..2"],
    ["raised beyond all", from(null, 1), from(5, 2), "0 to 5..6"],
    ["dropped", from(4, 2), workload(2), "4..5 to 0..1"],
  ])("refuses a StatefulSet whose start is %s", (_, before, after, ranges) => {
    expect(update(before, after, "StatefulSet")).toEqual({
      outcome: "deny",
      reason: "ordinals-removed",
      message:
        `StatefulSet prod/demo cannot move its ordinals from ${ranges} (spec.ordinals.start): that removes pods, its pods are ` +
        "Cocoon VMs, and a removed VM loses its state; to suspend a VM and keep its state, create a CocoonHibernation that " +
        "names its pod",
    });
  });

  it("allows a range that holds the old one", () => {
    expect(update(from(2, 3), from(1, 4), "StatefulSet")).toMatchObject({ outcome: "allow" });
    expect(update(from(2, 0), from(9, 0), "StatefulSet")).toMatchObject({ outcome: "allow" });
  });

  it("skips ordinals that are none", () => {
    expect(update(from("1", 3), from(0, 3), "StatefulSet")).toMatchObject({ reason: "unreadable" });
    expect(update(from(0, 3), specOf({ replicas: 3, ordinals: 1 }), "StatefulSet")).toMatchObject({
      reason: "unreadable",
    });
  });
});

describe("decideWorkloadUpdate, of a toleration that goes", () => {
  const without = (spec: object): object => specOf({ replicas: 3, ...spec }, []);
  const vms = "so its Cocoon VMs would run on without protection";

  it.each([
    [
      "ReplicaSet",
      {},
      `a ReplicaSet never replaces its running pods, ${vms}; keep the toleration here, and create another workload for ordinary pods`,
    ],
    [
      "ReplicationController",
      {},
      `a ReplicationController never replaces its running pods, ${vms}; keep the toleration here, and create another workload for ordinary pods`,
    ],
    [
      "Deployment",
      { paused: true },
      `it is paused, ${vms}; set spec.paused to false in the same update, which replaces the VMs`,
    ],
    [
      "StatefulSet",
      { updateStrategy: { type: "OnDelete" } },
      `its update strategy OnDelete leaves running pods alone, ${vms}; set spec.updateStrategy to RollingUpdate without a partition in the same update, which replaces the VMs`,
    ],
    [
      "StatefulSet",
      { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 2 } } },
      `its partition leaves the pods below ordinal 2 alone, ${vms}; set spec.updateStrategy to RollingUpdate without a partition in the same update, which replaces the VMs`,
    ],
  ])("refuses a %s with %j, which would leave its VMs unguarded", (kind, spec, why) => {
    expect(update(workload(3), without(spec), kind)).toEqual({
      outcome: "deny",
      reason: "toleration-removed",
      message: `${kind} prod/demo cannot lose the toleration virtual-kubelet.io/provider while spec.replicas is 3: ${why}`,
    });
  });

  it.each([
    ["Deployment", {}],
    ["Deployment", { paused: false }],
    ["StatefulSet", {}],
    ["StatefulSet", { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } } }],
  ])("allows a %s with %j, which replaces its pods", (kind, spec) => {
    expect(update(workload(3), without(spec), kind)).toMatchObject({ outcome: "allow" });
  });

  it("allows it where there are no pods, and skips a new object without a template", () => {
    expect(update(workload(0), without({ replicas: 0 }), "ReplicaSet")).toMatchObject({ outcome: "allow" });
    expect(update(workload(3), { spec: { replicas: 3 } }, "ReplicaSet")).toMatchObject({
      reason: "unreadable",
    });
  });
});

describe("decideWorkloadUpdate, by the Deployment controller", () => {
  const own = "system:serviceaccount:kube-system:deployment-controller";
  const deployment = { apiVersion: "apps/v1", kind: "Deployment", name: "web", controller: true };
  const by = (username: string, owners: unknown, kind = "ReplicaSet"): ReturnType<typeof update> =>
    decideWorkloadUpdate(
      admissionRequest(kind, {
        operation: "UPDATE",
        userInfo: { username, uid: "", groups: [] },
        object: workload(0),
        oldObject: { ...workload(3), metadata: { ownerReferences: owners } },
      }),
    );

  it.each([own, "system:kube-controller-manager"])("allows %s to lower a Deployment's ReplicaSet", (user) => {
    expect(by(user, [deployment])).toEqual({ outcome: "allow", reason: "deployment-controller" });
  });

  it.each([
    ["somebody else", "alice", [deployment], "ReplicaSet"],
    ["a name that only begins so", `${own}2`, [deployment], "ReplicaSet"],
    ["a ReplicaSet of nobody", own, [], "ReplicaSet"],
    ["a ReplicaSet without owners", own, undefined, "ReplicaSet"],
    ["an owner that does not control it", own, [{ ...deployment, controller: false }], "ReplicaSet"],
    ["an owner of another kind", own, [{ ...deployment, kind: "CocoonSet" }], "ReplicaSet"],
    ["an owner of another group", own, [{ ...deployment, apiVersion: "example.com/v1" }], "ReplicaSet"],
    ["an owner without a group", own, [{ ...deployment, apiVersion: 1 }], "ReplicaSet"],
    ["another kind of workload", own, [deployment], "StatefulSet"],
  ])("refuses %s", (_, user, owners, kind) => {
    expect(by(user, owners, kind)).toMatchObject({ outcome: "deny", reason: "scale-down" });
  });
});

describe("decideWorkloadUpdate, against a plain statement of the rule", () => {
  /** The ordinals of a workload's pods, one by one. */
  const ordinals = ({ start, replicas }: Shape): Set<number> =>
    new Set(Array.from({ length: replicas ?? 1 }, (_, index) => (start ?? 0) + index));
  const rolls = (kind: string, { paused, strategy, partition }: Shape): boolean =>
    (kind === "Deployment" && !paused) ||
    (kind === "StatefulSet" && strategy !== "OnDelete" && partition === 0);

  const shape = fc.record({
    cocoon: fc.boolean(),
    replicas: fc.option(fc.nat(4)),
    start: fc.option(fc.nat(3)),
    paused: fc.boolean(),
    strategy: fc.constantFrom("RollingUpdate", "OnDelete"),
    partition: fc.nat(2),
  });
  type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

  const objectOf = (
    kind: string,
    { cocoon: isCocoon, replicas, start, paused, strategy, partition }: Shape,
  ): object =>
    specOf(
      {
        replicas,
        ...(kind === "StatefulSet" ? { ordinals: { start } } : {}),
        paused,
        updateStrategy: { type: strategy, rollingUpdate: { partition } },
      },
      isCocoon ? cocoon : [{ key: "other" }],
    );

  it("refuses exactly what removes a VM's ordinal, or leaves VMs without the toleration", () => {
    const kinds = fc.constantFrom("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController");
    fc.assert(
      fc.property(kinds, shape, shape, (kind, one, other) => {
        const [before, after] =
          kind === "StatefulSet"
            ? [one, other]
            : [
                { ...one, start: 0 },
                { ...other, start: 0 },
              ];
        const kept = ordinals(after);
        const loses = [...ordinals(before)].some((ordinal) => !kept.has(ordinal));
        const strands = !after.cocoon && ordinals(before).size > 0 && !rolls(kind, after);
        const expected = before.cocoon && (loses || strands) ? "deny" : "allow";
        expect(update(objectOf(kind, before), objectOf(kind, after), kind).outcome).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admissionRequest } from "../../../../test/support/admission-request.js";
import { decidePodChange, decidePodCreate } from "./pod.js";

const anybody = { podCreators: undefined };
const cocoon = [{ key: "virtual-kubelet.io/provider", operator: "Exists" }];
const owner = { apiVersion: "cocoonset.cocoonstack.io/v1", kind: "CocoonSet", name: "demo", uid: "1" };

const pod = (metadata: object, tolerations: unknown): object => ({
  metadata,
  spec: { containers: [], tolerations },
});
const create = (object: unknown, overrides = {}): ReturnType<typeof decidePodCreate> =>
  decidePodCreate(admissionRequest("Pod", { object, ...overrides }), anybody);

describe("decidePodCreate", () => {
  it.each([
    ["no tolerations", pod({ name: "p" }, undefined)],
    ["null tolerations", pod({ name: "p" }, null)],
    ["a toleration for everything", pod({ name: "p" }, [{ operator: "Exists" }])],
    ["the key in another case", pod({ name: "p" }, [{ key: "VIRTUAL-KUBELET.IO/PROVIDER" }])],
    ["the key with a space", pod({ name: "p" }, [{ key: "virtual-kubelet.io/provider " }])],
    ["a key that only begins so", pod({ name: "p" }, [{ key: "virtual-kubelet.io/providerx" }])],
  ])("allows a pod with %s: it is no VM", (_, object) => {
    expect(create(object)).toEqual({ outcome: "allow", reason: "not-cocoon" });
  });

  it("allows a cocoon pod that a CocoonSet owns, beside whoever else does", () => {
    const replicaSet = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "2" };
    expect(create(pod({ name: "p", ownerReferences: [replicaSet, owner] }, cocoon))).toEqual({
      outcome: "allow",
      reason: "owned",
    });
  });

  it.each([
    ["no owner", undefined],
    ["null owners", null],
    ["no owner in the list", []],
    ["a ReplicaSet as owner", [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "web" }]],
    ["a CocoonSet of a foreign group", [{ ...owner, apiVersion: "example.com/v1" }]],
    [
      "a CocoonSet of a group that begins like ours",
      [{ ...owner, apiVersion: "cocoonset.cocoonstack.io.evil/v1" }],
    ],
    ["a CocoonSet without a group", [{ ...owner, apiVersion: undefined }]],
    ["an owner in another case", [{ ...owner, kind: "cocoonset" }]],
  ])("refuses a cocoon pod with %s", (_, ownerReferences) => {
    expect(create(pod({ name: "p", ownerReferences }, cocoon))).toMatchObject({
      outcome: "deny",
      reason: "stray-pod",
    });
  });

  it("says what is wrong with a stray pod and what to do", () => {
    expect(create(pod({ name: "web-1" }, cocoon))).toHaveProperty(
      "message",
      "pod prod/web-1 tolerates virtual-kubelet.io/provider, which makes it a Cocoon VM, and no CocoonSet owns it: " +
        "create a CocoonSet and let the operator make its pods, or remove the toleration",
    );
  });

  it.each([
    [{ generateName: "web-" }, { name: "" }, "pod prod/web-* tolerates"],
    [{}, { name: "from-request" }, "pod prod/from-request tolerates"],
    [{}, { name: "" }, "pod prod/(unnamed) tolerates"],
  ])("names a pod with metadata %j", (metadata, overrides, beginning) => {
    const decision = create(pod(metadata, cocoon), overrides);
    expect("message" in decision && decision.message.startsWith(beginning)).toBe(true);
  });

  it("accepts only the named creators, where there are any", () => {
    const object = pod({ name: "p", ownerReferences: [owner] }, cocoon);
    const facts = { podCreators: new Set(["system:serviceaccount:cocoon-system:cocoon-operator"]) };
    const by = (username: string): ReturnType<typeof decidePodCreate> =>
      decidePodCreate(
        admissionRequest("Pod", { object, userInfo: { username, uid: "", groups: [] } }),
        facts,
      );
    expect(by("system:serviceaccount:cocoon-system:cocoon-operator")).toMatchObject({ reason: "owned" });
    expect(by("alice")).toMatchObject({
      outcome: "deny",
      reason: "untrusted-creator",
      message: expect.stringContaining('user "alice" may not create such pods') as string,
    });
  });

  it.each([
    ["null", null],
    ["a string", "pod"],
    ["a list", []],
    ["no spec", { metadata: {} }],
    ["tolerations that are no list", pod({}, "bad")],
    ["a toleration that is no object", pod({}, [null])],
    ["a key that is no string", pod({}, [{ key: 1 }])],
    ["metadata that is no object", { metadata: "x", spec: { tolerations: cocoon } }],
    ["owners that are no list", pod({ ownerReferences: {} }, cocoon)],
    ["an owner that is no object", pod({ ownerReferences: ["CocoonSet"] }, cocoon)],
  ])("skips what is no pod: %s", (_, object) => {
    expect(create(object)).toEqual({ outcome: "skip", reason: "unreadable" });
  });

  it("skips other kinds, and pods of other groups", () => {
    const object = pod({ name: "p" }, cocoon);
    expect(decidePodCreate(admissionRequest("Service", { object }), anybody)).toMatchObject({
      reason: "other-kind",
    });
    const foreign = { group: "example.com", version: "v1", kind: "Pod" };
    expect(create(object, { kind: foreign })).toMatchObject({ reason: "other-kind" });
  });

  it("does not judge an update: a stray pod that runs already must be able to change", () => {
    expect(create(pod({ name: "p" }, cocoon), { operation: "UPDATE" })).toMatchObject({
      reason: "operation-exempt",
    });
  });

  it("allows exactly the pods without the key or with our owner", () => {
    const toleration = fc.record({ key: fc.constantFrom("virtual-kubelet.io/provider", "x", "", null) });
    const reference = fc.record({
      kind: fc.constantFrom("CocoonSet", "ReplicaSet"),
      apiVersion: fc.constantFrom("cocoonset.cocoonstack.io/v1", "cocoonset.cocoonstack.io/v2", "apps/v1"),
    });
    fc.assert(
      fc.property(fc.array(toleration), fc.array(reference), (tolerations, ownerReferences) => {
        const isVM = JSON.stringify(tolerations).includes("virtual-kubelet.io/provider");
        const isOurs = ownerReferences.some(
          (r) => r.kind === "CocoonSet" && r.apiVersion.split("/")[0] === "cocoonset.cocoonstack.io",
        );
        const decision = create(pod({ name: "p", ownerReferences }, tolerations));
        expect(decision.outcome).toBe(isVM && !isOurs ? "deny" : "allow");
      }),
    );
  });
});

describe("decidePodChange", () => {
  const vm = pod({ name: "p" }, cocoon);
  const ordinary = pod({ name: "p" }, [{ key: "other" }]);
  const update = (oldObject: unknown, object: unknown): ReturnType<typeof decidePodChange> =>
    decidePodChange(admissionRequest("Pod", { operation: "UPDATE", oldObject, object }), anybody);

  it("judges a new pod as decidePodCreate does: another webhook may have added the toleration since", () => {
    for (const object of [vm, ordinary, null, pod({ ownerReferences: [owner] }, cocoon)]) {
      const request = admissionRequest("Pod", { object });
      expect(decidePodChange(request, anybody)).toEqual(decidePodCreate(request, anybody));
    }
  });

  it("refuses the toleration on a pod that had none, and says what to do", () => {
    expect(update(ordinary, vm)).toEqual({
      outcome: "deny",
      reason: "stray-pod",
      message:
        "pod prod/p gains the toleration virtual-kubelet.io/provider by this update, which marks it as a Cocoon VM, and no " +
        "CocoonSet owns it: leave the toleration out; for a VM, create a CocoonSet and let the operator make its pods",
    });
  });

  it("looks at who adds it, too", () => {
    const request = admissionRequest("Pod", {
      operation: "UPDATE",
      oldObject: ordinary,
      object: pod({ name: "p", ownerReferences: [owner] }, cocoon),
    });
    expect(decidePodChange(request, anybody)).toMatchObject({ reason: "owned" });
    expect(decidePodChange(request, { podCreators: new Set(["operator"]) })).toMatchObject({
      outcome: "deny",
      reason: "untrusted-creator",
    });
  });

  it("lets a pod that has it already go on changing", () => {
    expect(update(vm, vm)).toEqual({ outcome: "allow", reason: "cocoon-already" });
    expect(update(vm, ordinary)).toMatchObject({ outcome: "allow" });
  });

  it("skips what it cannot read, and what is no pod", () => {
    expect(update(null, vm)).toEqual({ outcome: "skip", reason: "unreadable" });
    expect(update(ordinary, {})).toEqual({ outcome: "skip", reason: "unreadable" });
    const service = admissionRequest("Service", { operation: "UPDATE", oldObject: ordinary, object: vm });
    expect(decidePodChange(service, anybody)).toMatchObject({ reason: "other-kind" });
  });

  it.each(["DELETE", "CONNECT"] as const)("does not judge %s", (operation) => {
    const request = admissionRequest("Pod", { operation, oldObject: ordinary, object: vm });
    expect(decidePodChange(request, anybody)).toMatchObject({ reason: "operation-exempt" });
  });

  it("refuses exactly who would end with a VM that did not have one, without our owner or the right name", () => {
    const tolerations = fc.array(
      fc.record({
        key: fc.constantFrom("virtual-kubelet.io/provider", "VIRTUAL-KUBELET.IO/PROVIDER", "x", ""),
      }),
      { maxLength: 3 },
    );
    const reference = fc.record({
      kind: fc.constantFrom("CocoonSet", "ReplicaSet"),
      apiVersion: fc.constantFrom(
        "cocoonset.cocoonstack.io/v1",
        "cocoonset.cocoonstack.io/v2",
        "apps/v1",
        "v1",
      ),
    });
    const operation = fc.constantFrom("CREATE", "UPDATE", "DELETE", "CONNECT");
    const changes = fc.record({
      before: tolerations,
      after: tolerations,
      owners: fc.array(reference),
      operation,
      podCreators: fc.option(fc.subarray(["alice", "operator"], { minLength: 1 }), { nil: undefined }),
    });
    type Change = typeof changes extends fc.Arbitrary<infer T> ? T : never;
    const hasKey = (list: readonly { key: string }[]): boolean =>
      list.map(({ key }) => key).includes("virtual-kubelet.io/provider");
    const gainsVM = ({ operation: how, before, after }: Change): boolean =>
      hasKey(after) && (how === "CREATE" || (how === "UPDATE" && !hasKey(before)));
    const isOurs = ({ owners }: Change): boolean =>
      owners
        .map(({ kind, apiVersion }) => `${kind}.${apiVersion.split("/")[0] ?? ""}`)
        .includes("CocoonSet.cocoonset.cocoonstack.io");
    fc.assert(
      fc.property(changes, fc.constantFrom("alice", "operator", "mallory"), (change, username) => {
        const mayCreate = change.podCreators?.includes(username) ?? true;
        const request = admissionRequest("Pod", {
          operation: change.operation,
          userInfo: { username, uid: "", groups: [] },
          oldObject: change.operation === "CREATE" ? null : pod({ name: "p" }, change.before),
          object: pod({ name: "p", ownerReferences: change.owners }, change.after),
        });
        const decision = decidePodChange(request, {
          podCreators: change.podCreators && new Set(change.podCreators),
        });
        expect(decision.outcome).toBe(gainsVM(change) && !(isOurs(change) && mayCreate) ? "deny" : "allow");
      }),
    );
  });
});

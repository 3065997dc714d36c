import { describe, expect, it } from "vitest";
import { admissionPolicies } from "./admission-policies.js";

interface Spec {
  readonly failurePolicy: string;
  readonly policyName: string;
  readonly matchConstraints: { readonly resourceRules: readonly Readonly<Record<string, string[]>>[] };
  readonly matchConditions?: readonly { readonly name: string }[];
  readonly validations: readonly Readonly<Record<string, string>>[];
}

const specsOf = (objects: ReturnType<typeof admissionPolicies>, kind: string): ReadonlyMap<string, Spec> =>
  new Map(
    objects
      .filter((object) => object.kind === kind)
      .map(({ metadata, spec }) => [metadata.name, spec as Spec]),
  );
const objects = admissionPolicies();
const policies = specsOf(objects, "ValidatingAdmissionPolicy");
const bindings = specsOf(objects, "ValidatingAdmissionPolicyBinding");

describe("admissionPolicies", () => {
  it("has one for pods, one for hibernations, and two for each kind of workload", () => {
    expect([...policies.keys()]).toEqual([
      "pods.policy.cocoonstack.io",
      "deployments.policy.cocoonstack.io",
      "statefulsets.policy.cocoonstack.io",
      "replicasets.policy.cocoonstack.io",
      "replicationcontrollers.policy.cocoonstack.io",
      "cocoonhibernations.policy.cocoonstack.io",
      "deployments-scale.policy.cocoonstack.io",
      "statefulsets-scale.policy.cocoonstack.io",
      "replicasets-scale.policy.cocoonstack.io",
      "replicationcontrollers-scale.policy.cocoonstack.io",
    ]);
  });

  it("binds each to everything that it matches, and refuses", () => {
    expect([...bindings.keys()]).toEqual([...policies.keys()]);
    for (const [name, binding] of bindings) {
      expect(binding).toMatchObject({ policyName: name, validationActions: ["Deny"] });
      expect(policies.get(name)).toMatchObject({ failurePolicy: "Fail" });
    }
  });

  it("gives those for /scale the workloads of the namespace to compare with, and needs none to be there", () => {
    const paramKinds = [...policies].flatMap(([name, policy]) =>
      "paramKind" in policy ? [[name, policy.paramKind]] : [],
    );
    expect(paramKinds).toEqual([
      ["deployments-scale.policy.cocoonstack.io", { apiVersion: "apps/v1", kind: "Deployment" }],
      ["statefulsets-scale.policy.cocoonstack.io", { apiVersion: "apps/v1", kind: "StatefulSet" }],
      ["replicasets-scale.policy.cocoonstack.io", { apiVersion: "apps/v1", kind: "ReplicaSet" }],
      [
        "replicationcontrollers-scale.policy.cocoonstack.io",
        { apiVersion: "v1", kind: "ReplicationController" },
      ],
    ]);
    for (const [name, binding] of bindings) {
      const paramRef = { selector: {}, parameterNotFoundAction: "Allow" };
      expect("paramRef" in binding ? binding.paramRef : undefined).toEqual(
        name.includes("-scale.") ? paramRef : undefined,
      );
    }
  });

  it("marks those for /scale, which cost by the workload, so that one can do without them", () => {
    for (const { metadata } of objects) {
      expect(metadata.labels).toEqual({
        "app.kubernetes.io/part-of": "cocoon-webhook",
        "cocoonstack.io/guards": metadata.name.includes("-scale.") ? "scale" : "main-resources",
      });
    }
  });

  it("looks at what the webhook is asked about: the same conditions, and kube-system left out for pods alone", () => {
    const conditions = (name: string): unknown =>
      policies.get(`${name}.policy.cocoonstack.io`)?.matchConditions?.map((condition) => condition.name);
    expect(conditions("pods")).toEqual(["is-cocoon", "gains-toleration"]);
    expect(conditions("replicasets")).toEqual(["was-cocoon", "vms-at-stake", "not-deployment-controller"]);
    expect(conditions("replicasets-scale")).toEqual(["replicas-fall"]);
    expect(conditions("cocoonhibernations")).toBeUndefined();
    expect(
      [...policies].filter(([, { matchConstraints }]) => "namespaceSelector" in matchConstraints),
    ).toMatchObject([["pods.policy.cocoonstack.io", {}]]);
  });

  it("says why in the webhook's words, with expressions in the gaps", () => {
    const messages = [...policies.values()].flatMap(({ validations }) =>
      validations.map(({ reason, messageExpression }) => [reason, messageExpression]),
    );
    expect(messages).toHaveLength(18);
    for (const [reason, message] of messages) {
      expect(reason).toBe("Forbidden");
      expect(message).toMatch(/' \+ .*'/);
    }
  });

  it("asks who makes a pod only where that is told", () => {
    const creators = admissionPolicies({ podCreators: ["system:serviceaccount:a:b", "o'hara"] });
    const [pods] = specsOf(creators, "ValidatingAdmissionPolicy").values();
    expect(pods?.validations.at(-1)?.["expression"]).toBe(
      "request.userInfo.username in ['system:serviceaccount:a:b', 'o\\'hara']",
    );
    expect(JSON.stringify(objects)).not.toContain("request.userInfo.username in ['system:serviceaccount:a");
  });
});

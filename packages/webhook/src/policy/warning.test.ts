import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admissionRequest } from "../../../../test/support/admission-request.js";
import { workload } from "../../../../test/support/objects.js";
import type { Decision } from "./decision.js";
import { adviseOnCocoonSet } from "./warn-cocoonset.js";
import { adviseOnWorkload } from "./warn-workload.js";

const namespace = "n".repeat(63);
const many = 2 ** 31 - 1;
const warningsOf = (decision: Decision): readonly string[] =>
  decision.outcome === "allow" ? (decision.warnings ?? []).map(({ message }) => message) : [];

const named = (name: string, object: object): object => ({ ...object, metadata: { name } });
const rolled = {
  template: { spec: { tolerations: [{ key: "virtual-kubelet.io/provider" }], nodeName: "x" } },
};

describe("a warning", () => {
  it.each(["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"] as const)(
    "about a %s with the longest names arrives whole: 256 characters are what API servers leave of one",
    (kind) => {
      const name = `${"a".repeat(240)}-tail`;
      const oldObject = named(name, workload(kind, name, many));
      const bare = named(name, workload(kind, name, many, []));
      const changed = named(name, workload(kind, name, many, undefined, rolled));
      const of = (change: object): readonly string[] =>
        warningsOf(adviseOnWorkload(admissionRequest(kind, { namespace, name, ...change })));
      const all = [
        ...of({ operation: "CREATE", object: changed }),
        ...of({ operation: "UPDATE", object: changed, oldObject }),
        ...of({ operation: "UPDATE", object: bare, oldObject }),
        ...of({ operation: "DELETE", oldObject }),
      ];
      expect(all.length).toBeGreaterThanOrEqual(3);
      for (const text of all) {
        expect(text.length).toBeLessThanOrEqual(256);
        expect(text).toMatch(new RegExp(`^${kind} n+.*a+-tail`));
      }
    },
  );

  it.each(["always", "main-only", "never"])(
    "about a CocoonSet with long names arrives whole: %s",
    (policy) => {
      const name = `${"a".repeat(240)}-tail`;
      const spec = {
        snapshotPolicy: policy,
        agent: { replicas: many },
        toolboxes: [{ name: "t".repeat(63) }],
      };
      const oldObject = { metadata: { name }, spec };
      const decision = adviseOnCocoonSet(
        admissionRequest("CocoonSet", { namespace, name, operation: "DELETE", oldObject }),
      );
      const [text = ""] = warningsOf(decision);
      expect(text.length).toBeLessThanOrEqual(256);
      expect(text).toContain(`(snapshotPolicy ${policy})`);
    },
  );

  it("leaves short names as they are, and speaks of one VM as of one", () => {
    const oldObject = workload("StatefulSet", "demo", 1);
    const decision = adviseOnWorkload(admissionRequest("StatefulSet", { operation: "DELETE", oldObject }));
    expect(warningsOf(decision)).toEqual([
      "StatefulSet prod/demo: its deletion removes up to 1 Cocoon VM (demo-0), with its state",
    ]);
  });

  it("is not given where the pods stay, because the loss of the toleration is then refused", () => {
    const of = (kind: "ReplicaSet" | "Deployment"): readonly string[] =>
      warningsOf(
        adviseOnWorkload(
          admissionRequest(kind, {
            operation: "UPDATE",
            oldObject: workload(kind, "demo", 2),
            object: workload(kind, "demo", 2, []),
          }),
        ),
      );
    expect(of("ReplicaSet")).toEqual([]);
    expect(of("Deployment")).toEqual([
      "Deployment prod/demo loses its toleration: ordinary pods replace up to 2 Cocoon VMs, with their state",
    ]);
  });

  it("is given when a pause ends, because what the template has become is carried out only then", () => {
    const held = { paused: true };
    const of = (before: object, after: object): readonly string[] =>
      warningsOf(
        adviseOnWorkload(
          admissionRequest("Deployment", {
            operation: "UPDATE",
            oldObject: workload("Deployment", "demo", 2, undefined, before),
            object: workload("Deployment", "demo", 2, undefined, after),
          }),
        ),
      );
    expect(of(held, {})).toEqual([
      "Deployment prod/demo: this update carries out earlier changes of the template, which may remove up to 2 Cocoon VMs, " +
        "with their state",
    ]);
    expect(of(held, held)).toEqual([]);
    expect(of({}, {})).toEqual([]);
  });

  it("never refuses and never fails, whatever the objects hold", () => {
    const keys = fc.constantFrom(
      "spec",
      "template",
      "tolerations",
      "key",
      "replicas",
      "metadata",
      "name",
      "agent",
      "toolboxes",
    );
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.jsonValue({ maxDepth: 1 }),
        fc.dictionary(keys, tie("value")),
        fc.array(tie("value")),
      ),
    })).value;
    const kinds = fc.constantFrom("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "CocoonSet");
    const operations = fc.constantFrom("CREATE", "UPDATE", "DELETE", "CONNECT");
    fc.assert(
      fc.property(kinds, operations, json, json, (kind, operation, oldObject, object) => {
        const request = admissionRequest(kind, { operation, oldObject, object });
        const decision = kind === "CocoonSet" ? adviseOnCocoonSet(request) : adviseOnWorkload(request);
        expect(decision.outcome).toBe("allow");
        for (const text of warningsOf(decision)) expect(text.length).toBeLessThanOrEqual(256);
      }),
    );
  });
});

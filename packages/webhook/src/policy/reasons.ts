/**
 * Why a decision came out as it did: the closed set that the answer, the metric label and the log line share. The texts
 * are documentation: docs/reasons.md is made of them.
 */
export const reasons = {
  allow: {
    "not-cocoon": "the object does not have the cocoon toleration",
    owned: "a CocoonSet owns the pod",
    "no-scale-down": "the update keeps or raises the number of replicas",
    "parent-gone": "the workload behind a scale request no longer exists",
    valid: "the CocoonSet keeps all rules",
    "spec-unchanged": "the update leaves the spec as it was",
    "operation-exempt": "the rule does not apply to this operation",
  },
  deny: {
    "stray-pod": "a pod with the cocoon toleration that no CocoonSet owns",
    "untrusted-creator": "a pod with the cocoon toleration from a user that POD_CREATORS does not name",
    "scale-down": "fewer replicas on a workload whose pods are VMs",
    "invalid-spec": "a CocoonSet that breaks at least one rule",
    undecodable: "a CocoonSet with a field of the wrong type",
  },
  error: {
    "parent-unavailable": "the workload behind a scale request could not be read",
    "no-cluster": "the decision needs a cluster, and the webhook runs without one",
    internal: "the webhook failed to decide",
  },
  skip: {
    "other-kind": "an object of a kind that the rule is not about",
    unreadable: "an object that does not have the shape of its kind; the API server refuses it itself",
  },
} as const satisfies Record<string, Record<string, string>>;

/** The four outcomes; the metric label `result` is the same but for `skip`, which reads `skipped`. */
export type Outcome = keyof typeof reasons;

/** The reasons of one outcome, e.g. `Reason<"deny">`. */
export type Reason<O extends Outcome> = keyof (typeof reasons)[O];

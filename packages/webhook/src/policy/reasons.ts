/**
 * Why a decision came out as it did: the closed set that the answer, the metric label and the log line share. The texts
 * are documentation: docs/reasons.md is made of them.
 */
export const reasons = {
  allow: {
    "not-cocoon": "the object does not have the cocoon toleration",
    owned: "a CocoonSet owns the pod",
    "cocoon-already": "the pod had the toleration before the update",
    "no-scale-down":
      "the update lowers no replicas, moves no ordinals, and leaves no VM that runs on unguarded",
    "deployment-controller": "the Deployment controller carries out a change of its Deployment",
    "parent-gone": "the workload behind a scale request no longer exists",
    valid: "the CocoonSet keeps all rules",
    "spec-unchanged": "the update leaves the spec as it was",
    "sole-hibernation": "no other CocoonHibernation speaks for the pod",
    "operation-exempt": "the rule does not apply to this operation",
    warned: "the request costs VMs, and the caller was told so",
    "nothing-lost": "there is no cost in VMs to warn of",
  },
  deny: {
    "stray-pod": "a pod with the cocoon toleration that no CocoonSet owns",
    "untrusted-creator": "a pod with the cocoon toleration from a user that POD_CREATORS does not name",
    "scale-down": "fewer replicas on a workload whose pods are VMs",
    "ordinals-removed": "a StatefulSet whose pods are VMs moves its ordinals off some of them",
    "toleration-removed": "a workload loses the toleration while its VMs run on",
    "invalid-spec": "a CocoonSet that breaks at least one rule",
    "name-differs": "a CocoonHibernation that does not bear the name of its pod",
    "second-hibernation": "a CocoonHibernation for a pod that another one speaks for",
    undecodable: "a CocoonSet or CocoonHibernation with a field that is missing or of the wrong type",
  },
  error: {
    "parent-unavailable": "the workload behind a scale request could not be read",
    "hibernations-unavailable": "the CocoonHibernations of the namespace could not be listed",
    "hibernation-unreadable": "a CocoonHibernation in the namespace does not say which pod it speaks for",
    "no-cluster": "the decision needs a cluster, and the webhook runs without one",
    internal: "the webhook failed to decide",
  },
  skip: {
    "other-kind": "an object of a kind that the rule is not about",
    unreadable: "an object that does not have the shape of its kind; the API server refuses it itself",
    "no-advice": "the webhook failed to tell what the request costs; its log has the cause",
  },
} as const satisfies Record<string, Record<string, string>>;

/** The four outcomes; the metric label `result` is the same but for `skip`, which reads `skipped`. */
export type Outcome = keyof typeof reasons;

/** The reasons of one outcome, e.g. `Reason<"deny">`. */
export type Reason<O extends Outcome> = keyof (typeof reasons)[O];

import type { Example, Rule } from "./rule.js";

const statefulSet = (spec: string, isCocoon = true): string => `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: agents
spec:
  serviceName: agents
${spec}
  selector:
    matchLabels: { app: agents }
  template:
    metadata:
      labels: { app: agents }
    spec:
      containers:
        - name: vm
          image: ghcr.io/cocoonstack/cocoon/ubuntu:24.04
${isCocoon ? "      tolerations:\n        - key: virtual-kubelet.io/provider\n" : ""}`;

const change = (before: string, after: string, isCocoon = true): Example => ({
  before: statefulSet(before),
  manifests: statefulSet(after, isCocoon),
});

const concerns = "Deployment, StatefulSet, ReplicaSet, ReplicationController";

/** Rules about changes of workloads whose pods are VMs: `check` finds them with `--old`. */
export const changeRules = {
  "scale-down": {
    title: "fewer replicas on a workload whose pods are VMs",
    severity: "error",
    concerns,
    explanation:
      "Fewer replicas delete pods, and with them VMs and their state. What counts is the old template: taking the toleration " +
      "and replicas away in one update would lose the same VMs. Absent replicas are 1.",
    wayOut:
      "keep the replicas; to suspend a VM and keep its state, create a CocoonHibernation that names its pod",
    wayOutInMessage: true,
    examples: {
      bad: change("  replicas: 3", "  replicas: 1"),
      good: change("  replicas: 3", "  replicas: 5"),
    },
  },
  "ordinals-removed": {
    title: "a StatefulSet whose pods are VMs moves its ordinals off some of them",
    severity: "error",
    concerns: "StatefulSet",
    explanation:
      "spec.ordinals.start moves the range of a StatefulSet's pods without any change of replicas, and whoever falls out of " +
      "the range is deleted, with its VM.",
    wayOut: "keep every ordinal in the range: lower the start or raise the replicas with it",
    wayOutInMessage: true,
    examples: {
      bad: change("  replicas: 3", "  replicas: 3\n  ordinals: { start: 1 }"),
      good: change("  replicas: 3\n  ordinals: { start: 1 }", "  replicas: 4\n  ordinals: { start: 0 }"),
    },
  },
  "toleration-removed": {
    title: "a workload loses the toleration while its VMs run on",
    severity: "error",
    concerns,
    explanation:
      "Where a change of the template leaves running pods as they are, their VMs would go on unguarded, and the next " +
      "scale-down would find an ordinary workload. That is so on a ReplicaSet or ReplicationController, a paused Deployment, " +
      "and a StatefulSet with the update strategy OnDelete or a partition.",
    wayOut: "keep the toleration, or let the same update replace the pods",
    wayOutInMessage: true,
    examples: {
      bad: change(
        "  replicas: 2\n  updateStrategy: { type: OnDelete }",
        "  replicas: 2\n  updateStrategy: { type: OnDelete }",
        false,
      ),
      good: change(
        "  replicas: 2\n  updateStrategy: { type: OnDelete }",
        "  replicas: 2\n  updateStrategy: { type: RollingUpdate }",
        false,
      ),
    },
  },
} as const satisfies Readonly<Record<string, Rule>>;

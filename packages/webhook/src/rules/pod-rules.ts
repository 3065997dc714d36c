import type { Rule } from "./rule.js";

const pod = (tolerations: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx:1.27
${tolerations}`;

const deployment = (tolerations: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: agents
spec:
  selector:
    matchLabels: { app: agents }
  template:
    metadata:
      labels: { app: agents }
    spec:
      containers:
        - name: vm
          image: ghcr.io/cocoonstack/cocoon/ubuntu:24.04
${tolerations}`;

/** Rules about who makes pods that are VMs. */
export const podRules = {
  "stray-pod": {
    title: "a pod with the cocoon toleration that no CocoonSet owns",
    severity: "error",
    concerns: "Pod",
    explanation:
      "A pod that tolerates virtual-kubelet.io/provider runs as a VM. Without a CocoonSet behind it, nobody would suspend, " +
      "snapshot or account for that VM, so the webhook refuses the pod, and an update that adds the toleration.",
    wayOut: "create a CocoonSet and let the operator make its pods, or remove the toleration",
    wayOutInMessage: true,
    examples: {
      bad: {
        manifests: pod("  tolerations:\n    - key: virtual-kubelet.io/provider\n      operator: Exists\n"),
      },
      good: { manifests: pod("") },
    },
  },
  "untrusted-creator": {
    title: "a pod with the cocoon toleration from a user that POD_CREATORS does not name",
    severity: "error",
    concerns: "Pod",
    explanation:
      "Anyone can write an owner reference, while the name of a user is authenticated. Where the webhook's POD_CREATORS is " +
      "set, only those users may create cocoon pods. Files do not tell who will apply them, so only a cluster finds this.",
    wayOut: "let the operator make the pod, or have the user added to the webhook's POD_CREATORS",
    wayOutInMessage: true,
    examples: undefined,
  },
  "workload-warning": {
    title: "a workload whose pods will be refused, or whose change costs VMs",
    severity: "warning",
    concerns: "Deployment, StatefulSet, ReplicaSet, ReplicationController, DaemonSet, Job, CronJob",
    explanation:
      "The workload itself is admitted. Its pods tolerate virtual-kubelet.io/provider, and a workload owns them instead of a " +
      "CocoonSet, so they will be refused; and a change of its template takes away the VMs that run already.",
    wayOut:
      "for new VMs, create a CocoonSet instead; while VMs of the workload are needed, keep its template and its toleration",
    wayOutInMessage: false,
    examples: {
      bad: { manifests: deployment("      tolerations:\n        - key: virtual-kubelet.io/provider\n") },
      good: { manifests: deployment("") },
    },
  },
} as const satisfies Readonly<Record<string, Rule>>;

import type { GroupVersionKind, GroupVersionResource } from "@cocoonstack/common/k8s/admission";

/** A kind of Kubernetes' own whose objects make pods from a template. */
export interface WorkloadKind {
  readonly kind: string;
  /** API group, `""` for the core group. */
  readonly group: string;
  readonly resource: string;
}

/** Workloads with a number of replicas: fewer of them means fewer pods, so these are guarded. */
export const guardedKinds: readonly WorkloadKind[] = [
  { kind: "Deployment", group: "apps", resource: "deployments" },
  { kind: "StatefulSet", group: "apps", resource: "statefulsets" },
  { kind: "ReplicaSet", group: "apps", resource: "replicasets" },
  { kind: "ReplicationController", group: "", resource: "replicationcontrollers" },
];

/** Workloads that have nothing to scale; people are only warned that the pods of these will be refused. */
export const unscaledKinds: readonly WorkloadKind[] = [
  { kind: "DaemonSet", group: "apps", resource: "daemonsets" },
  { kind: "Job", group: "batch", resource: "jobs" },
  { kind: "CronJob", group: "batch", resource: "cronjobs" },
];

/** The guarded kind of an object; undefined for any other. */
export const guardedKindOf = ({ group, kind }: GroupVersionKind): WorkloadKind | undefined =>
  guardedKinds.find((candidate) => candidate.kind === kind && candidate.group === group);

/** The guarded kind behind a resource: people know workloads by their kind, while a review of `/scale` names the resource. */
export const guardedKindBehind = ({ group, resource }: GroupVersionResource): WorkloadKind | undefined =>
  guardedKinds.find((candidate) => candidate.resource === resource && candidate.group === group);

/** Any kind that makes pods; undefined for any other. */
export const workloadKindOf = ({ group, kind }: GroupVersionKind): WorkloadKind | undefined =>
  [...guardedKinds, ...unscaledKinds].find(
    (candidate) => candidate.kind === kind && candidate.group === group,
  );

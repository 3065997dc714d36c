/** The kinds of workloads that are guarded, with their resources. */
export const guarded = [
  { kind: "Deployment", resource: "deployments" },
  { kind: "StatefulSet", resource: "statefulsets" },
  { kind: "ReplicaSet", resource: "replicasets" },
  { kind: "ReplicationController", resource: "replicationcontrollers" },
] as const;
export type GuardedKind = (typeof guarded)[number]["kind"];

const tolerations = [{ key: "virtual-kubelet.io/provider", operator: "Exists" }];

const resources: Readonly<Record<string, string>> = {
  Pod: "pods",
  CocoonHibernation: "cocoonhibernations",
  ...Object.fromEntries(guarded.map(({ kind, resource }) => [kind, resource])),
};

/** Where the API server keeps objects of a guarded kind, and of the others that have a policy. */
export function pathOf(inNamespace: string, kind: string, name = ""): string {
  const core = kind === "Pod" || kind === "ReplicationController";
  const group = kind === "CocoonHibernation" ? "cocoonset.cocoonstack.io/v1" : "apps/v1";
  const root = core ? "/api/v1" : `/apis/${group}`;
  return `${root}/namespaces/${inNamespace}/${resources[kind] ?? kind}${name && `/${name}`}`;
}

/** A cocoon workload of three replicas, or an ordinary one without tolerations. */
export function guardedWorkload(
  kind: GuardedKind,
  name: string,
  spec: Record<string, unknown> = {},
  cocoon = true,
): object {
  const labels = { app: name };
  return {
    apiVersion: kind === "ReplicationController" ? "v1" : "apps/v1",
    kind,
    metadata: { name },
    spec: {
      replicas: 3,
      selector: kind === "ReplicationController" ? labels : { matchLabels: labels },
      ...(kind === "StatefulSet" ? { serviceName: name } : {}),
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: "vm", image: "ubuntu:24.04" }],
          ...(cocoon ? { tolerations } : {}),
        },
      },
      ...spec,
    },
  };
}

/** A CocoonHibernation of a pod. */
export const hibernation = (name: string, podName: string): object => ({
  apiVersion: "cocoonset.cocoonstack.io/v1",
  kind: "CocoonHibernation",
  metadata: { name },
  spec: { desire: "Hibernate", podRef: { name: podName } },
});

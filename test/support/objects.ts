import { bodyMarker } from "./output-secrets.js";

/** The toleration that makes a pod a VM. */
export const cocoonToleration = { key: "virtual-kubelet.io/provider", operator: "Exists" };

/** Where people keep secrets: the webhook must print neither. */
const annotations = { "example.com/note": bodyMarker };
const containers = [
  {
    name: "vm",
    image: "ghcr.io/cocoonstack/cocoon/ubuntu:24.04",
    env: [{ name: "PASSWORD", value: bodyMarker }],
  },
];

/** A namespace. */
export const namespace = (name: string): object => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
});

/** A pod in a namespace, with the cocoon toleration unless others are given. */
export const pod = (
  name: string,
  { tolerations = [cocoonToleration], ...metadata }: Readonly<Record<string, unknown>> = {},
): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, annotations, ...metadata },
  spec: { containers, tolerations },
});

/** The workloads with a number of replicas. */
export type ScaledKind = "Deployment" | "StatefulSet" | "ReplicaSet" | "ReplicationController";

/** A workload, with the cocoon toleration unless others are given; `spec` overrides the rest of its spec. */
export const workload = (
  kind: ScaledKind,
  name: string,
  replicas: number | undefined,
  tolerations: readonly object[] = [cocoonToleration],
  spec: object = {},
): object => ({
  apiVersion: kind === "ReplicationController" ? "v1" : "apps/v1",
  kind,
  metadata: { name, annotations },
  spec: {
    replicas,
    selector: kind === "ReplicationController" ? { app: name } : { matchLabels: { app: name } },
    ...(kind === "StatefulSet" ? { serviceName: name } : {}),
    template: {
      metadata: { labels: { app: name } },
      spec: { containers, tolerations },
    },
    ...spec,
  },
});

/** Objects as one document that kubectl reads. */
export const list = (objects: readonly object[]): string =>
  JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });

/** The owner reference of a CocoonSet, as the operator writes it. */
export const cocoonOwner = (name: string, uid: string): object => ({
  apiVersion: "cocoonset.cocoonstack.io/v1",
  kind: "CocoonSet",
  name,
  uid,
  controller: true,
});

/** A valid CocoonSet, unless another spec is given. */
export const cocoonSet = (name: string, spec: unknown = { agent: { image: "ubuntu:24.04" } }): object => ({
  apiVersion: "cocoonset.cocoonstack.io/v1",
  kind: "CocoonSet",
  metadata: { name },
  spec,
});

/** A CocoonHibernation that sends the VM of a pod to sleep. */
export const hibernation = (name: string, podName: string = name): object => ({
  apiVersion: "cocoonset.cocoonstack.io/v1",
  kind: "CocoonHibernation",
  metadata: { name },
  spec: { desire: "Hibernate", podRef: { name: podName } },
});

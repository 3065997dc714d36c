/** The toleration that makes a pod a VM. */
const cocoonToleration = { key: "virtual-kubelet.io/provider", operator: "Exists" };

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
  metadata: { name, ...metadata },
  spec: { containers: [{ name: "vm", image: "ghcr.io/cocoonstack/cocoon/ubuntu:24.04" }], tolerations },
});

/** A workload, with the cocoon toleration unless others are given. */
export const workload = (
  kind: "Deployment" | "StatefulSet",
  name: string,
  replicas: number | undefined,
  tolerations: readonly object[] = [cocoonToleration],
): object => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    ...(kind === "StatefulSet" ? { serviceName: name } : {}),
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "vm", image: "ghcr.io/cocoonstack/cocoon/ubuntu:24.04" }], tolerations },
    },
  },
});

/** Objects as one document that kubectl reads. */
export const list = (objects: readonly object[]): string =>
  JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });

import type { ControlPlane } from "../../controlplane/index.js";

interface Deployment {
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly spec: { readonly replicas: number };
}

const intervalMs = 200;

/** Says of every Deployment of a namespace that it runs as it is wanted, as nodes and controllers would after a while. */
export function pretendRollouts(plane: ControlPlane, namespace: string): Disposable {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const pretend = async (): Promise<void> => {
    const { body } = await plane.request("GET", path);
    const { items = [] } = body as { readonly items?: readonly Deployment[] };
    for (const { metadata, spec } of items) {
      const { name, generation: observedGeneration } = metadata;
      const { replicas } = spec;
      const status = { observedGeneration, replicas, updatedReplicas: replicas, readyReplicas: replicas };
      const patch = { status: { ...status, availableReplicas: replicas } };
      const contentType = "application/merge-patch+json";
      await plane.request("PATCH", `${path}/${name}/status`, patch, { contentType });
    }
  };
  const timer = setInterval(() => {
    // One that fails, such as for a Deployment that has just gone, is followed by another.
    pretend().catch(() => undefined);
  }, intervalMs);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
    },
  };
}

import type { AdmissionRequest, GroupVersionKind } from "@cocoonstack/common/k8s/admission";

const kinds: Readonly<Record<string, GroupVersionKind & { readonly resource: string }>> = {
  Pod: { group: "", version: "v1", kind: "Pod", resource: "pods" },
  Deployment: { group: "apps", version: "v1", kind: "Deployment", resource: "deployments" },
  StatefulSet: { group: "apps", version: "v1", kind: "StatefulSet", resource: "statefulsets" },
  ReplicaSet: { group: "apps", version: "v1", kind: "ReplicaSet", resource: "replicasets" },
  ReplicationController: {
    group: "",
    version: "v1",
    kind: "ReplicationController",
    resource: "replicationcontrollers",
  },
  DaemonSet: { group: "apps", version: "v1", kind: "DaemonSet", resource: "daemonsets" },
  Service: { group: "", version: "v1", kind: "Service", resource: "services" },
  Job: { group: "batch", version: "v1", kind: "Job", resource: "jobs" },
  CronJob: { group: "batch", version: "v1", kind: "CronJob", resource: "cronjobs" },
  CocoonHibernation: {
    group: "cocoonset.cocoonstack.io",
    version: "v1",
    kind: "CocoonHibernation",
    resource: "cocoonhibernations",
  },
  CocoonSet: { group: "cocoonset.cocoonstack.io", version: "v1", kind: "CocoonSet", resource: "cocoonsets" },
};

/** A review's request for an object of a known kind, with what a test does not care about filled in. */
export function admissionRequest(kind: string, overrides: Partial<AdmissionRequest> = {}): AdmissionRequest {
  const { resource, ...gvk } = kinds[kind] ?? {
    group: "",
    version: "v1",
    kind,
    resource: kind.toLowerCase(),
  };
  return {
    uid: "7f0c1f5e-0000-4000-8000-000000000000",
    kind: gvk,
    resource: { group: gvk.group, version: gvk.version, resource },
    subResource: "",
    name: "demo",
    namespace: "prod",
    operation: "CREATE",
    userInfo: { username: "alice", uid: "", groups: ["system:authenticated"] },
    dryRun: false,
    ...overrides,
  };
}

/** A request for `/scale` of a workload: from `before` to `after` replicas, zero being left out as API servers do. */
export function scaleRequest(
  resource: string,
  before: number,
  after: number,
  overrides: Partial<AdmissionRequest> = {},
): AdmissionRequest {
  const scale = (replicas: number): object => ({
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name: "demo", namespace: "prod", resourceVersion: "234" },
    spec: replicas === 0 ? {} : { replicas },
  });
  return {
    ...admissionRequest("Scale"),
    kind: { group: "autoscaling", version: "v1", kind: "Scale" },
    resource: { group: "apps", version: "v1", resource },
    subResource: "scale",
    operation: "UPDATE",
    object: scale(after),
    oldObject: scale(before),
    ...overrides,
  };
}

/** The request as the body that an API server sends. */
export const reviewOf = (request: unknown): string =>
  JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request });

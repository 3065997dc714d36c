const apps = "/apis/apps/v1";
const cocoon = "/apis/cocoonset.cocoonstack.io/v1";

/** Where the kinds that tests handle stand in the API. */
const resources = {
  Pod: ["/api/v1", "pods"],
  ReplicationController: ["/api/v1", "replicationcontrollers"],
  Deployment: [apps, "deployments"],
  StatefulSet: [apps, "statefulsets"],
  ReplicaSet: [apps, "replicasets"],
  DaemonSet: [apps, "daemonsets"],
  Job: ["/apis/batch/v1", "jobs"],
  CocoonSet: [cocoon, "cocoonsets"],
  CocoonHibernation: [cocoon, "cocoonhibernations"],
} as const;

/** A kind that {@link apiPath} knows. */
export type Kind = keyof typeof resources;

/** The path of a collection, or, with a name, of an object, or of a subresource of it such as `name/scale`. */
export function apiPath(kind: Kind, namespace: string, name?: string): string {
  const [root, resource] = resources[kind];
  return `${root}/namespaces/${namespace}/${resource}${name === undefined ? "" : `/${name}`}`;
}

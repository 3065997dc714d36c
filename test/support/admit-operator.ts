import type { ControlPlane } from "../controlplane/index.js";
import { apply } from "./registered-webhook.js";

/**
 * Lets the operator's service account do everything: its rights are tested elsewhere. It is a service account, so that the audit log
 * holds what it does.
 */
export const admitOperator = (plane: ControlPlane): Promise<unknown> =>
  apply(plane, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "platform-operator" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", name: "cocoon-operator", namespace: "cocoon-system" }],
  });

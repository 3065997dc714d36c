import { groupOf } from "./api-version.js";
import { asObject } from "./json.js";
import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";

/** Whom the API server knows the Deployment controller by; the second is that of a cluster whose controllers share one identity. */
export const deploymentControllers = [
  "system:serviceaccount:kube-system:deployment-controller",
  "system:kube-controller-manager",
] as const;

/**
 * Whether the Deployment controller carries out a Deployment's change on one of its ReplicaSets. What it may do was judged
 * when the Deployment was changed (but for a ReplicaSet that it adopts: docs/threat-model.md). It only ever updates the ReplicaSet itself, never its `/scale`; a user name is
 * authenticated, so nobody takes its part without the right to impersonate it.
 */
export function isDeploymentController({ kind, userInfo, oldObject }: AdmissionRequest): boolean {
  const known: readonly string[] = deploymentControllers;
  return kind.kind === "ReplicaSet" && known.includes(userInfo.username) && isOfDeployment(oldObject);
}

function isOfDeployment(replicaSet: unknown): boolean {
  const owners = asObject(asObject(replicaSet)?.["metadata"])?.["ownerReferences"];
  if (!Array.isArray(owners)) return false;
  return owners.map(asObject).some((owner) => {
    const isController = owner?.["controller"] === true && owner["kind"] === "Deployment";
    return isController && groupOf(owner["apiVersion"]) === "apps";
  });
}

import { tolerationKey } from "@cocoonstack/common/meta";
import { deploymentControllers } from "../policy/index.js";
import { celList } from "./cel.js";

// CEL expressions for matchConditions (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/)
// and for the admission policies. In matchConditions they only decide whether the webhook is asked; it judges everything
// itself all the same. An expression that fails refuses the request, so each guards every optional field that it reads.

/** Whether the pod specification at `path` has the cocoon toleration. */
export const hasToleration = (path: string): string =>
  `has(${path}.tolerations) && ${path}.tolerations.exists(t, has(t.key) && t.key == '${tolerationKey}')`;

/** Whether the pod specification at `path` gains the toleration: it is new, or the old one had not. */
export const gainsToleration = `request.operation == 'CREATE' || !(${hasToleration("oldObject.spec")})`;

/** Whether the update lowers `spec.replicas`, where an absent number counts as `absent`. */
export const replicasFall = (absent: 0 | 1): string =>
  `${replicas("object", absent)} < ${replicas("oldObject", absent)}`;

/** `spec.replicas` of `object`, where an absent number counts as `absent`: 1 on a workload, 0 on a Scale. */
export const replicas = (object: string, absent: 0 | 1): string =>
  `(has(${object}.spec.replicas) ? ${object}.spec.replicas : ${absent})`;

/** Ordinal of the first pod of a StatefulSet. */
export const firstOrdinal = (object: string): string =>
  `(has(${object}.spec.ordinals) && has(${object}.spec.ordinals.start) ? ${object}.spec.ordinals.start : 0)`;

/** Whether the update moves the first or the last of the pods' ordinals so that one falls out of their range. */
export const ordinalsFall =
  `${firstOrdinal("object")} > ${firstOrdinal("oldObject")} || ` +
  `${firstOrdinal("object")} + ${replicas("object", 1)} < ${firstOrdinal("oldObject")} + ${replicas("oldObject", 1)}`;

/** Whether an update of a cocoon workload takes a pod away, or the toleration. */
export const vmsAtStake = `${replicasFall(1)} || ${ordinalsFall} || !(${hasToleration("object.spec.template.spec")})`;

/** Whether somebody else than the Deployment controller makes the change, or on something else than a Deployment's ReplicaSet. */
export const notDeploymentController =
  `request.kind.kind != 'ReplicaSet' || !(request.userInfo.username in ${celList(deploymentControllers)}) || ` +
  `!has(oldObject.metadata.ownerReferences) || !oldObject.metadata.ownerReferences.exists(o, ` +
  `o.kind == 'Deployment' && o.apiVersion.startsWith('apps/') && has(o.controller) && o.controller)`;

/** Whether the object is new, or its spec changes. */
export const specDiffers =
  "request.operation == 'CREATE' || !has(object.spec) || !has(oldObject.spec) || object.spec != oldObject.spec";

/** Whether nobody else controls the workload, and its template has the toleration, or had it before. */
export const cocoonWorkload = (templateSpec: string): string => {
  const isCocoon = (object: string): string =>
    `(${object} != null && !(has(${object}.metadata.ownerReferences) && ` +
    `${object}.metadata.ownerReferences.exists(o, has(o.controller) && o.controller)) && ` +
    `${hasToleration(`${object}.${templateSpec}`)})`;
  return `${isCocoon("object")} || ${isCocoon("oldObject")}`;
};

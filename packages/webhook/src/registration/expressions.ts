import { tolerationKey } from "@cocoonstack/common/meta";

// CEL expressions for matchConditions (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/).
// They only decide whether the webhook is asked; it judges everything itself all the same. An expression that fails
// refuses the request, so each guards every optional field that it reads.

/** Whether the pod specification at `path` has the cocoon toleration. */
export const hasToleration = (path: string): string =>
  `has(${path}.tolerations) && ${path}.tolerations.exists(t, has(t.key) && t.key == '${tolerationKey}')`;

/** Whether the update lowers `spec.replicas`, where an absent number counts as `absent`. */
export const replicasFall = (absent: 0 | 1): string => {
  const replicas = (object: string): string =>
    `(has(${object}.spec.replicas) ? ${object}.spec.replicas : ${absent})`;
  return `${replicas("object")} < ${replicas("oldObject")}`;
};

/** Whether the object is new, or its spec changes. */
export const specDiffers =
  "request.operation == 'CREATE' || !has(object.spec) || !has(oldObject.spec) || object.spec != oldObject.spec";

/**
 * What Cocoon components write on Kubernetes objects and read from them: keys, and the rules about them.
 * Pure: no Kubernetes client, no network, no third-party code.
 *
 * @module
 */
export * from "./keys.js";
export { isOwnedByCocoonSet, ownerDeploymentName, type OwnerReferenceLike } from "./owners.js";
export { hasCocoonTolerationKey, type TolerationLike } from "./tolerations.js";

/**
 * What the operator knows of the cluster: copies of its objects, and what it has written itself meanwhile.
 *
 * @module
 */
export { ClusterCache, type Followed } from "./cluster-cache.js";
export { OwnWrites } from "./own-writes.js";
export { slimPod, type SlimPod } from "./slim-pod.js";
export {
  storedHibernation,
  type Stored,
  type StoredHibernation,
  storedSet,
  type StoredSet,
} from "./stored.js";
export { keyText, parseKey, type WorkKey } from "./work-key.js";

/**
 * From a CocoonSet to pods, and back: what each pod should be, which pod is what, and how the two differ.
 *
 * @module
 */
export { buildPod } from "./build-pod.js";
export { type ClassifiedPods, classifyPods, isOwnPod } from "./classify.js";
export { differences, driftOf } from "./drift.js";
export { agentMember, type Member, memberName, podNameOf, toolboxMember } from "./member.js";
export { type Names, namesOf } from "./names.js";
export { namesOwnVM } from "./own-vm-name.js";
export {
  annotationOf,
  failureOf,
  isAlive,
  isManaged,
  isServing,
  isSettled,
  isTerminating,
  type PodFailure,
  readySinceMs,
  saysHibernated,
  versionOf,
} from "./pod-state.js";
export { settingChanges } from "./settings.js";
export { templateHash } from "./template-hash.js";
export {
  type Claimant,
  isVMNameOf,
  type NameOwner,
  type TakenVMNames,
  takenVMNames,
  vmNamesIn,
  vmNamesOf,
} from "./vm-claims.js";

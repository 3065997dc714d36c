/**
 * What Cocoon components write on Kubernetes objects and read from them: keys, names, and the annotation contract.
 * Pure: no Kubernetes client, no network, no third-party code.
 *
 * Functions that read take the whole object, or whatever part of it they need. Those that write (`apply…`, `stamp…`)
 * return the new annotations and leave the object alone, because it may belong to a cache that others read:
 *
 * ```ts
 * pod.metadata.annotations = applyVMSpec(pod, spec);
 * ```
 *
 * @module
 */
export type { Annotated, Annotations } from "./annotated.js";
export { connectionType, type ConnectionTypeInput } from "./connection-type.js";
export { readCocoonSetGeneration, stampCocoonSetGeneration } from "./generation.js";
export { applyHibernateState, readHibernateState } from "./hibernate-state.js";
export * from "./keys.js";
export {
  applyLifecycleStatus,
  isTerminalLifecycleState,
  type LifecycleState,
  lifecycleStates,
  type LifecycleStatus,
  lifecycleStatusAnnotations,
  lifecycleStatusSnapshot,
  readLifecycleStatus,
} from "./lifecycle-status.js";
export { isOwnedByCocoonSet, ownerDeploymentName, type OwnerReferenceLike } from "./owners.js";
export {
  isContainerRunning,
  isPodReady,
  isPodTerminal,
  isWindowsPod,
  type NodePoolSource,
  podKey,
  podNodePool,
  type PodStatusLike,
} from "./pods.js";
export { quantityString } from "./quantity-string.js";
// eslint-disable-next-line @typescript-eslint/no-deprecated -- part of the contract
export { inferRoleFromAgentSlot, inferRoleFromVMName, type Role } from "./roles.js";
export { shouldSnapshotVM } from "./should-snapshot-vm.js";
// eslint-disable-next-line @typescript-eslint/no-deprecated -- part of the contract
export { extractAgentSlot, extractSlotFromVMName } from "./slots.js";
export { hasCocoonTolerationKey, type TolerationLike } from "./tolerations.js";
export { agentVMNamePrefix, mainAgentVMNameFor, vmNameForDeployment, vmNameForPod } from "./vm-names.js";
export { applyVMRuntime, parseVMRuntime, type VMRuntime } from "./vm-runtime.js";
export { applyVMSpec, parseVMSpec, type VMSpec } from "./vm-spec.js";
export { type VMSpecContext, vmSpecFromAgentSpec, vmSpecFromToolboxSpec } from "./vm-spec-from.js";

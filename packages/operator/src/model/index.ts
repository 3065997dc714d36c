/**
 * What is observed, what can be done, and the words for it: the data of the operator's decisions, without any decision.
 *
 * @module
 */
export type { Action, AnnotationChanges, PlannedEvent, PodVersion, Proof, Told } from "./action.js";
export { type SnapshotTag, type TagFact, type TagFacts, tagKey, type TagRef } from "./facts.js";
export { type HibernationView, readHibernation } from "./hibernation.js";
export { inShort } from "./in-short.js";
export {
  hibernationFinalizer,
  labelAppName,
  ownerAnnotations,
  podAnnotations,
  setFinalizer,
} from "./keys.js";
export {
  healthyMs,
  hibernateDeadlineMs,
  mostCreatesPerPlan,
  pollMs,
  rebuildDelaysMs,
  registryRetryMs,
  stuckDeletionMs,
  wakeDeadlineMs,
} from "./limits.js";
export type { Amounts, PodManifest } from "./manifest.js";
export type { HibernationPlan, Plan, PlannedStatus, SetPlan } from "./plan.js";
export type { ContainerView, OwnerView, PodConditionView, PodView, ResourcesView } from "./pod.js";
export {
  blocked,
  blockingReasons,
  degraded,
  type degradedReasons,
  type EventReason,
  type hibernationFailureReasons,
  type hibernationReasons,
  isReasonOf,
  mainFailureReasons,
  type progressingReasons,
  type readyReasons,
  type ReasonOf,
  type Trouble,
  waitingReasons,
} from "./reasons.js";
export { entriesOf, isSuspended, itemsOf, readSet, replicasOf, type SetView } from "./set.js";
export { laterMs, parseTimeMs, timeText } from "./time.js";

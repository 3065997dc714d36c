/**
 * How one VM hibernates, wakes, comes back and leaves, without its state being lost on the way; and who decides about it.
 *
 * @module
 */
export { type Decider, deciderOf, type Desire } from "./decider.js";
export { departureStep, stuck } from "./departure.js";
export { leavingChanges, readLeaving } from "./leaving.js";
export {
  readRecords,
  recordChanges,
  recordOf,
  type SnapshotRecord,
  type SnapshotRecords,
} from "./records.js";
export { restoreOf } from "./restore-step.js";
export { sleepStep } from "./sleep-step.js";
export type { Step } from "./step.js";
export { unrecordedOrder } from "./unrecorded.js";

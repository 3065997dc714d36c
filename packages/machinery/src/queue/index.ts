/** A rate-limited work queue: what wants attention, one pass at a time. */
export {
  WorkQueue,
  type QueueObserver,
  type QueueState,
  type WorkQueueOptions,
  type WorkResult,
} from "./work-queue.js";

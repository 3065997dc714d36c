import type { AdmissionContext } from "@cocoonstack/common/k8s/admission";

/** Kept back for the answer's own way, so that it arrives before the API server gives up and reports a time-out. */
const marginMs = 500;

/** The shipped registration's `timeoutSeconds`, for a caller that does not say how long it waits. */
const defaultTimeoutMs = 5000;

/** When a decision has to be there, on the clock of `performance.now()`. */
export function deadlineOf({ receivedAtMs, timeoutMs = defaultTimeoutMs }: AdmissionContext): number {
  // Half of a very short time-out is still for the work.
  return receivedAtMs + timeoutMs - Math.min(marginMs, timeoutMs / 2);
}

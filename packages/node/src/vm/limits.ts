/** How often an act is tried again; after that, only when the pod asks for something else. */
export const mostRetries = 20;

const firstRetryMs = 500;
const longestRetryMs = 60_000;

/** How long to wait after so many failures in a row. */
export const retryDelayMs = (failures: number): number =>
  Math.min(firstRetryMs * 2 ** (failures - 1), longestRetryMs);

/** A VM that stops a second time within this is not started again. */
export const restartCooldownMs = 30_000;

/** How long to wait before a guest that does not answer is asked again, at first; it doubles. */
export const firstProbeMs = 100;
/** The longest such wait. */
export const slowestProbeMs = 1_000;
/** How often a guest that answers is asked. */
export const steadyProbeMs = 5_000;
/** So many misses in a row, and a guest that answered does not any more. */
export const mostMisses = 3;

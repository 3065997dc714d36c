import { ApiError } from "@cocoonstack/common/k8s";

const baseMs = 800;
const maxMs = 30_000;

/**
 * How long to wait after the `failures`-th failure in a row: 0.8 s × 2ⁿ up to 30 s, and up to twice that, so that clients that lost
 * the same server do not come back at the same moment. What the server asks for (`Retry-After`) is the least.
 */
export function retryDelayMs(failures: number, error: unknown): number {
  const askedMs = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
  const delayMs = Math.min(baseMs * 2 ** (failures - 1), maxMs);
  return Math.max(delayMs, askedMs) + Math.random() * delayMs;
}

import { ApiError, RequestError } from "@cocoonstack/common/k8s";

const baseMs = 800;
const maxMs = 30_000;
/** Trying to connect costs a server that is away nothing, and once it is back, what follows it must not be half a minute behind. */
const maxUnreachableMs = 1_600;

/**
 * Whether there was no connection at all: refused, cut, or the name does not resolve. A time-out is none of these: a server that takes
 * connections and does not answer has too much to do already, and the try has taken its time. Neither are certificates and credentials,
 * which wait for people.
 */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof RequestError && error.kind === "connection";

/**
 * How long to wait after the `failures`-th failure in a row: 0.8 s × 2ⁿ up to 30 s, or up to 1.6 s where there is no connection, and up to
 * twice that, so that clients that lost the same server do not come back at the same moment. What the server asks for (`Retry-After`) is
 * the least.
 */
export function retryDelayMs(failures: number, error: unknown): number {
  const askedMs = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
  const delayMs = Math.min(baseMs * 2 ** (failures - 1), isUnreachable(error) ? maxUnreachableMs : maxMs);
  return Math.max(delayMs, askedMs) + Math.random() * delayMs;
}

/** When to try again, and how often. */
export interface RetryOptions {
  /** Tries in all. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly longestMs: number;
}

/** A try that failed in a way that may pass. */
export interface FailedTry {
  /** How many tries there have been, this one included. */
  readonly attempts: number;
  /** How long the other side asks to wait. */
  readonly askedMs: number | undefined;
  /** What is left until the deadline. */
  readonly leftMs: number;
}

/**
 * How long to wait before the next try, or undefined where there is to be none, because there were enough, or because the
 * deadline comes first. Between half and all of `baseMs` × 2ⁿ, so that clients that failed together do not come back
 * together; and never less than was asked for.
 *
 * @param random from 0 up to 1
 */
export function retryDelayMs(
  { attempts, askedMs = 0, leftMs }: FailedTry,
  options: RetryOptions,
  random: number,
): number | undefined {
  if (attempts >= options.attempts) return undefined;
  const longestMs = Math.min(options.baseMs * 2 ** (attempts - 1), options.longestMs);
  const jitterMs = (longestMs / 2) * (1 + random);
  const delayMs = askedMs === 0 ? jitterMs : askedMs + jitterMs - longestMs / 2;
  return delayMs < leftMs ? delayMs : undefined;
}

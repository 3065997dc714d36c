/** How much of one thing may happen, for each of many keys. */
export interface RateLimitOptions {
  /** How often at once. */
  readonly burst: number;
  /** After how long one more may. */
  readonly refillMs: number;
  /** How many keys are remembered; of more, those that were quiet the longest are forgotten. */
  readonly mostKeys: number;
}

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/**
 * A token bucket for each key.
 *
 * @example
 * ```ts
 * const limit = new RateLimit({ burst: 25, refillMs: 60_000, mostKeys: 4_096 });
 * if (limit.take(uid, performance.now())) send();
 * ```
 */
export class RateLimit {
  readonly #options: RateLimitOptions;
  /** In the order in which they were last used. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /** Whether it may happen now; then it counts as having happened. */
  take(key: string, nowMs: number): boolean {
    const { burst, refillMs, mostKeys } = this.#options;
    const known = this.#buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    const tokens = Math.min(burst, known.tokens + (nowMs - known.atMs) / refillMs);
    const may = tokens >= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: may ? tokens - 1 : tokens, atMs: nowMs });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > mostKeys && oldest !== undefined) this.#buckets.delete(oldest);
    return may;
  }
}

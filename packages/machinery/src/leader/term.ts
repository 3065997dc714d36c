import { sleep } from "@cocoonstack/common/k8s";
import type { Candidate } from "./candidate.js";
import type { Settings } from "./election-options.js";
import { LeaseLostError } from "./lease-lost-error.js";

/** What a leader is given. */
export interface Leadership {
  /** Aborted when it has to end: with a {@link LeaseLostError} as reason, or because it was stopped. */
  readonly signal: AbortSignal;
  /**
   * Whether it holds at this moment. Timers of a process that was held up come late, so ask this right before what cannot be taken
   * back. It cannot know of a machine that was put to sleep: what is written needs preconditions of its own.
   */
  readonly holds: () => boolean;
}

/** From winning an election to its end. */
export class Term {
  readonly #candidate: Candidate;
  readonly #settings: Settings;
  /** When the last renewal that succeeded was sent, of `performance.now()`. */
  #renewedAtMs: number;

  constructor(candidate: Candidate, settings: Settings, wonAtMs: number) {
    this.#candidate = candidate;
    this.#settings = settings;
    this.#renewedAtMs = wonAtMs;
  }

  /** Leads until `lead` has ended, then releases what is still ours. */
  async serve<T>(signal: AbortSignal, lead: (leadership: Leadership) => Promise<T>): Promise<T> {
    const leader = new AbortController();
    const stop = (): void => {
      leader.abort(signal.reason);
    };
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    const done = new AbortController();
    const renewing = this.#renew(leader, done.signal);
    const holds = (): boolean => !leader.signal.aborted && this.#leftMs > 0;
    // An async function, so that what `lead` throws at once is no different from what it throws later.
    const [outcome] = await Promise.allSettled([(async () => lead({ signal: leader.signal, holds }))()]);
    signal.removeEventListener("abort", stop);
    done.abort();
    const lost = await renewing;
    // Whatever of it still runs somewhere leads no more.
    leader.abort();
    if (lost !== undefined) throw lost;
    await this.release();
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  }

  async release(): Promise<void> {
    const { renewDeadlineMs, observer } = this.#settings;
    try {
      await this.#candidate.release(renewDeadlineMs / 2);
    } catch (error) {
      // Then it runs out.
      observer.failed?.(error);
    }
  }

  /** How long it holds without a further renewal. */
  get #leftMs(): number {
    return this.#renewedAtMs + this.#settings.renewDeadlineMs - performance.now();
  }

  /** Renews until `done`. On a loss it ends the leader at once, and gives what happened. */
  async #renew(leader: AbortController, done: AbortSignal): Promise<LeaseLostError | undefined> {
    let cause: unknown;
    let lost: LeaseLostError | undefined;
    while (lost === undefined && (await sleep(this.#settings.retryMs, done))) {
      try {
        lost = await this.#renewOnce(cause);
      } catch (error) {
        cause = error;
        this.#settings.observer.failed?.(error);
      }
    }
    if (lost === undefined) return undefined;
    leader.abort(lost);
    this.#settings.observer.lost?.(lost);
    return lost;
  }

  /** @param cause Why the try before failed. */
  async #renewOnce(cause: unknown): Promise<LeaseLostError | undefined> {
    const { namespace, name, renewDeadlineMs } = this.#settings;
    const lease = `the lease ${namespace}/${name}`;
    const leftMs = this.#leftMs;
    if (leftMs <= 0) {
      return new LeaseLostError(`${lease} could not be renewed within ${renewDeadlineMs} ms`, { cause });
    }
    const standing = await this.#candidate.try(Math.min(renewDeadlineMs / 2, leftMs));
    if (standing.isLeader) this.#renewedAtMs = standing.sentAtMs;
    else if (standing.holder !== undefined)
      return new LeaseLostError(`${lease} is held by ${standing.holder} now`);
    return undefined;
  }
}

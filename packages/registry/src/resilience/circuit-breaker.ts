/** Limits of a {@link CircuitBreaker}. */
export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failuresToOpen: number;
  /** How long it stays open the first time; doubled each time that the one try after it fails, up to `longestOpenMs`. */
  readonly openMs: number;
  readonly longestOpenMs: number;
}

/** The leave to try, to be handed back with what came of it; or how long to leave it alone. */
export type Admission =
  | { readonly admitted: true; readonly permit: number }
  | { readonly admitted: false; readonly retryAfterMs: number };

/** What came of a try. `neutral` says nothing about the other side: the caller gave up, for example. */
export type TryResult = "success" | "failure" | "neutral";

type State =
  | { readonly name: "closed"; readonly failures: number }
  | { readonly name: "open"; readonly untilMs: number; readonly forMs: number }
  /** One try is under way, and all others wait for what comes of it. */
  | { readonly name: "half-open"; readonly forMs: number };

/**
 * Says whether to try something at all that has failed several times in a row. Closed, everything is tried; open, nothing
 * is; after a while one try is let through, and decides. It has no clock: times are of one that the caller keeps to.
 *
 * A result counts only in the state in which its try was let through: what was begun before the circuit opened, and fails
 * or succeeds long after, says nothing new.
 */
export class CircuitBreaker {
  readonly #options: BreakerOptions;
  #state: State = { name: "closed", failures: 0 };
  /** Counts the states. */
  #epoch = 0;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  /** `closed`, `open` or `half-open`. */
  get state(): State["name"] {
    return this.#state.name;
  }

  /** How long {@link admit} would refuse, as far as is known; 0 where it would not. */
  refusesForMs(nowMs: number): number {
    const state = this.#state;
    if (state.name === "closed") return 0;
    // How long the one try takes is not known; it is not worth asking again in less than this.
    if (state.name === "half-open") return this.#options.openMs;
    return Math.max(0, state.untilMs - nowMs);
  }

  admit(nowMs: number): Admission {
    const retryAfterMs = this.refusesForMs(nowMs);
    if (retryAfterMs > 0) return { admitted: false, retryAfterMs };
    if (this.#state.name === "open") this.#enter({ name: "half-open", forMs: this.#state.forMs });
    return { admitted: true, permit: this.#epoch };
  }

  /** Hands a permit back. Every permit has to come back, or a half-open circuit stays so. */
  settle(permit: number, result: TryResult, nowMs: number): void {
    if (permit !== this.#epoch) return;
    const state = this.#state;
    if (state.name === "closed") this.#settleClosed(state.failures, result, nowMs);
    else if (state.name === "half-open") this.#settleHalfOpen(state.forMs, result, nowMs);
  }

  #settleClosed(failures: number, result: TryResult, nowMs: number): void {
    if (result === "neutral") return;
    const inARow = result === "failure" ? failures + 1 : 0;
    const { failuresToOpen, openMs } = this.#options;
    if (inARow >= failuresToOpen) this.#enter({ name: "open", untilMs: nowMs + openMs, forMs: openMs });
    else this.#state = { name: "closed", failures: inARow };
  }

  #settleHalfOpen(forMs: number, result: TryResult, nowMs: number): void {
    if (result === "success") {
      this.#enter({ name: "closed", failures: 0 });
    } else if (result === "failure") {
      const longerMs = Math.min(forMs * 2, this.#options.longestOpenMs);
      this.#enter({ name: "open", untilMs: nowMs + longerMs, forMs: longerMs });
    } else {
      // It has told nothing, so the next may try at once.
      this.#enter({ name: "open", untilMs: nowMs, forMs });
    }
  }

  #enter(state: State): void {
    this.#state = state;
    this.#epoch++;
  }
}

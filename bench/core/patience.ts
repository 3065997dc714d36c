import { setTimeout as sleep } from "node:timers/promises";
import { stolenSeconds, tolerableShare, withStolenShare } from "./stolen.js";

/** See {@link Patience}. */
export interface PatienceOptions {
  /** How long to wait in all. */
  readonly totalMs: number;
  /** How long a look at the machine takes. @default 1_000 */
  readonly lookMs?: number;
  /** Told of each wait, in a line. */
  readonly progress: (text: string) => void;
  /** CPU time, in seconds over all cores, that the host of this machine gave to others so far. */
  readonly stolen?: () => number;
}

/**
 * How long a benchmark waits, all its turns together, for its machine to be left alone. What hosts take away they take for minutes, so that a
 * turn which is repeated at once is spoilt like the one before. It also knows what was taken away all the same.
 */
export class Patience {
  readonly stolen: () => number;
  readonly #lookMs: number;
  readonly #progress: (text: string) => void;
  #leftMs: number;
  #turns = 0;
  #shares = 0;

  constructor({ totalMs, lookMs = 1_000, progress, stolen = stolenSeconds }: PatienceOptions) {
    this.stolen = stolen;
    this.#lookMs = lookMs;
    this.#progress = progress;
    this.#leftMs = totalMs;
  }

  /** A turn counts, during which this share of a core was taken away. */
  counted(share: number): void {
    this.#turns++;
    this.#shares += share;
  }

  /** Which share of a core was taken away from the turns that count, on average; undefined where there was none. */
  get shareOfTurns(): number | undefined {
    return this.#turns === 0 ? undefined : this.#shares / this.#turns;
  }

  /** Resolves once the machine was left alone for a look, or when there is no patience left. */
  async untilQuiet(): Promise<void> {
    let isTold = false;
    while (this.#leftMs > 0) {
      const { share } = await withStolenShare(() => sleep(this.#lookMs), this.stolen);
      if (share <= tolerableShare) return;
      if (!isTold) this.#tell(share);
      isTold = true;
      this.#leftMs -= this.#lookMs;
    }
  }

  #tell(share: number): void {
    const taken = `the host takes ${Math.round(share * 100)} % of a core away`;
    this.#progress(`${taken}: waiting for a quiet moment, ${Math.ceil(this.#leftMs / 1_000)} s at most`);
  }
}

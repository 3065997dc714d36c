import { setImmediate as turn } from "node:timers/promises";
import { Delays } from "./delays.js";
import { Fifo } from "./fifo.js";

/**
 * What a pass over a key came to: nothing more to do, or one more pass later. A failure is an exception. A pass that is `under way` goes
 * on elsewhere, and whoever brings it to its end adds the key again: it is no success yet, and the count of failures stays.
 *
 * @example
 * ```ts
 * const again: WorkResult = { requeueAfterMs: 5_000 };
 * ```
 */
export type WorkResult = { readonly requeueAfterMs: number } | "under way" | undefined;

/** What happens in a queue, for metrics and the log. A hook that throws ends {@link WorkQueue.run}. */
export interface QueueObserver {
  /** How many keys wait for a worker; called when that changes. */
  depth(keys: number): void;
  /** A worker took a key that was waiting for `waitedMs`. */
  started(key: string, waitedMs: number): void;
  /** A pass has ended, well or not. */
  finished(key: string, tookMs: number): void;
  /** A pass failed, for the `failures`-th time in a row; the next comes in `retryInMs`. */
  failed(
    key: string,
    failure: { readonly error: unknown; readonly failures: number; readonly retryInMs: number },
  ): void;
}

/** See {@link WorkQueue}. */
export interface WorkQueueOptions {
  /** One pass over a key. It reads what is so now: which change woke it is not told, because many changes are one pass. */
  readonly work: (key: string) => Promise<WorkResult>;
  /**
   * How many keys are worked at the same time.
   * @default 1
   */
  readonly workers?: number;
  /**
   * Wait after the first failure of a key; it doubles with each further one.
   * @default 5
   */
  readonly baseRetryMs?: number;
  /**
   * Longest wait after a failure.
   * @default 1_000_000
   */
  readonly maxRetryMs?: number;
  readonly observer?: Partial<QueueObserver>;
}

/** A queue at one moment. */
export interface QueueState {
  /** Keys that wait for a worker. */
  readonly depth: number;
  /** Keys that wait for their time. */
  readonly delayed: number;
  /** Keys that are being worked. */
  readonly working: number;
  /** For how long the oldest pass has been running; 0 where none is. One that grows without end hangs. */
  readonly longestPassMs: number;
}

/**
 * Keys that want to be worked, such as `shop/demo`. A key waits at most once and is never worked twice at the same time; what
 * is added while it is worked leads to one more pass. A pass that fails is repeated after 5 ms × 2ⁿ, at most 1,000 s, until it
 * succeeds; a success, also one that asks for a later pass, begins the count anew. {@link WorkQueue.add} waits for none of that.
 *
 * @example
 * ```ts
 * const queue = new WorkQueue({ work: reconcile, workers: 4 });
 * queue.add("shop/demo");
 * await queue.run(signal);
 * ```
 */
export class WorkQueue {
  readonly #options: Required<Omit<WorkQueueOptions, "observer">>;
  readonly #observer: Partial<QueueObserver>;
  readonly #order = new Fifo<string>();
  /** Keys that wait for a worker or, while they are worked, for their next pass; since when, of `performance.now()`. */
  readonly #wanted = new Map<string, number>();
  /** Keys that are worked; since when. In order, because a key is set anew for each pass. */
  readonly #working = new Map<string, number>();
  readonly #failures = new Map<string, number>();
  readonly #delays = new Delays((key) => {
    this.add(key);
  });
  /** Workers without work. */
  readonly #idle = new Fifo<(key: string | undefined) => void>();
  #phase: "new" | "running" | "stopped" = "new";

  /** @throws {RangeError} when there is no worker. */
  constructor({ observer = {}, ...options }: WorkQueueOptions) {
    this.#options = { workers: 1, baseRetryMs: 5, maxRetryMs: 1_000_000, ...options };
    this.#observer = observer;
    const { workers } = this.#options;
    if (!Number.isInteger(workers) || workers < 1) {
      throw new RangeError(`a work queue needs a whole number of workers, at least 1, and not ${workers}`);
    }
  }

  /** Wants a pass over `key` as soon as a worker is free. After the stop it does nothing. */
  add(key: string): void {
    if (this.#phase === "stopped" || this.#wanted.has(key)) return;
    this.#wanted.set(key, performance.now());
    if (!this.#working.has(key)) this.#enqueue(key);
  }

  /** Wants a pass over `key` in `delayMs` milliseconds. Of several such wishes the earliest counts. */
  addAfter(key: string, delayMs: number): void {
    if (this.#phase === "stopped") return;
    if (delayMs > 0) this.#delays.set(key, delayMs);
    else this.add(key);
  }

  get state(): QueueState {
    const [oldest] = this.#working.values();
    return {
      depth: this.#order.length,
      delayed: this.#delays.size,
      working: this.#working.size,
      longestPassMs: oldest === undefined ? 0 : performance.now() - oldest,
    };
  }

  /**
   * Works until `signal` is aborted. Then no pass begins any more, and it resolves when those under way have ended. What was
   * still waiting is dropped: whoever works next finds it by looking.
   *
   * @throws {Error} when it was called before.
   */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#phase !== "new") throw new Error("a work queue runs once: make a new one");
    this.#phase = "running";
    this.#delays.start();
    const stop = (): void => {
      this.#stop();
    };
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    try {
      await Promise.all(Array.from({ length: this.#options.workers }, () => this.#worker()));
    } finally {
      signal.removeEventListener("abort", stop);
      stop();
    }
  }

  #stop(): void {
    this.#phase = "stopped";
    this.#delays.stop();
    for (let wake = this.#idle.shift(); wake !== undefined; wake = this.#idle.shift()) wake(undefined);
  }

  #enqueue(key: string): void {
    const wake = this.#idle.shift();
    if (wake !== undefined) {
      wake(key);
      return;
    }
    this.#order.push(key);
    this.#observer.depth?.(this.#order.length);
  }

  async #worker(): Promise<void> {
    for (;;) {
      const key = await this.#next();
      // Also looked at here: the stop may have come after the key was handed out.
      if (key === undefined || this.#phase === "stopped") return;
      await this.#pass(key);
      // Passes that wait for nothing must not keep the process from its sockets and timers.
      await turn();
    }
  }

  /** The next key, as soon as there is one; undefined after the stop. */
  #next(): Promise<string | undefined> {
    if (this.#phase === "stopped") return Promise.resolve(undefined);
    const key = this.#order.shift();
    if (key === undefined) {
      return new Promise((resolve) => {
        this.#idle.push(resolve);
      });
    }
    this.#observer.depth?.(this.#order.length);
    return Promise.resolve(key);
  }

  async #pass(key: string): Promise<void> {
    const startMs = performance.now();
    this.#observer.started?.(key, startMs - (this.#wanted.get(key) ?? startMs));
    this.#wanted.delete(key);
    this.#working.set(key, startMs);
    try {
      this.#succeeded(key, await this.#options.work(key));
    } catch (error) {
      this.#failed(key, error);
    }
    this.#working.delete(key);
    this.#observer.finished?.(key, performance.now() - startMs);
    if (this.#wanted.has(key) && this.#phase === "running") this.#enqueue(key);
  }

  #succeeded(key: string, result: WorkResult): void {
    if (result === "under way") return;
    this.#failures.delete(key);
    if (result !== undefined) this.addAfter(key, result.requeueAfterMs);
  }

  #failed(key: string, error: unknown): void {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    const { baseRetryMs, maxRetryMs } = this.#options;
    const retryInMs = Math.min(baseRetryMs * 2 ** (failures - 1), maxRetryMs);
    this.addAfter(key, retryInMs);
    this.#observer.failed?.(key, { error, failures, retryInMs });
  }
}

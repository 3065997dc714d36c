/** What Node's timers can hold: a longer delay would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

interface Delay {
  /** Of `performance.now()`. */
  readonly dueMs: number;
  timer: NodeJS.Timeout | undefined;
}

/** Keys that are due later, each once: of two times for one key the earlier counts. Timers run only between {@link start} and {@link stop}. */
export class Delays {
  readonly #delays = new Map<string, Delay>();
  readonly #onDue: (key: string) => void;
  #running = false;

  /** @param onDue is told of a key once its time has come. */
  constructor(onDue: (key: string) => void) {
    this.#onDue = onDue;
  }

  get size(): number {
    return this.#delays.size;
  }

  set(key: string, delayMs: number): void {
    const dueMs = performance.now() + delayMs;
    const known = this.#delays.get(key);
    if (known !== undefined && known.dueMs <= dueMs) return;
    clearTimeout(known?.timer);
    const delay: Delay = { dueMs, timer: undefined };
    this.#delays.set(key, delay);
    if (this.#running) this.#arm(key, delay);
  }

  start(): void {
    this.#running = true;
    for (const [key, delay] of this.#delays) this.#arm(key, delay);
  }

  /** Forgets everything, and leaves no timer behind. */
  stop(): void {
    this.#running = false;
    for (const { timer } of this.#delays.values()) clearTimeout(timer);
    this.#delays.clear();
  }

  #arm(key: string, delay: Delay): void {
    const leftMs = Math.max(0, delay.dueMs - performance.now());
    delay.timer = setTimeout(
      () => {
        if (leftMs > longestTimerMs) {
          this.#arm(key, delay);
          return;
        }
        this.#delays.delete(key);
        this.#onDue(key);
      },
      Math.min(leftMs, longestTimerMs),
    );
  }
}

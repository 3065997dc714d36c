import { setTimeout as sleep } from "node:timers/promises";

/** When what was first seen, each of `performance.now()`. */
export class Reached {
  readonly #atMs = new Map<string, number>();

  mark(what: string): void {
    if (!this.#atMs.has(what)) this.#atMs.set(what, performance.now());
  }

  /**
   * Waits until all of these were seen, and gives when the last one was.
   *
   * @throws {Error} with what is missing, where that takes too long.
   */
  async until(all: readonly string[], timeoutMs = 120_000): Promise<number> {
    const deadlineMs = performance.now() + timeoutMs;
    for (let missing = all; ;) {
      missing = missing.filter((what) => !this.#atMs.has(what));
      if (missing.length === 0) return Math.max(...all.map((what) => this.#atMs.get(what) ?? 0));
      if (performance.now() > deadlineMs) {
        const few = missing.slice(0, 3).join(", ");
        throw new Error(
          `${missing.length} of ${all.length} did not come within ${timeoutMs / 1_000} s: ${few}`,
        );
      }
      await sleep(5);
    }
  }
}

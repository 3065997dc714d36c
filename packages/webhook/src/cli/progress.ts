/** What progress is written to: a terminal, or not. */
interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** People wonder after a second whether anything happens; below, a line that comes and goes only flickers. */
const quietMs = 1000;
const betweenMs = 100;

/** Says on a terminal how far a long check is. In a pipe it says nothing. */
export class Progress {
  readonly #output: Output;
  readonly #now: () => number;
  #nextMs: number;
  #isShown = false;

  /** @param now a clock that only goes forward, in milliseconds */
  constructor(output: Output, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
    this.#nextMs = now() + quietMs;
  }

  /** To be called at every object: shows the counts where it is time for that. */
  at(objects: number, files: number): void {
    if (this.#output.isTTY !== true || this.#now() < this.#nextMs) return;
    this.#nextMs = this.#now() + betweenMs;
    this.#isShown = true;
    this.#output.write(`${clearLine}checking: ${objects} objects so far, file ${files}`);
  }

  /** Takes the line away, so that what follows stands alone. */
  clear(): void {
    if (this.#isShown) this.#output.write(clearLine);
    this.#isShown = false;
  }
}

/** To the beginning of the line, and all of it erased (ECMA-48, 8.3.41). */
const clearLine = "\r\u001B[K";

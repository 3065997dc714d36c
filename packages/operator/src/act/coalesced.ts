/**
 * One question for all who ask it at the same moment. It is asked after each of them has asked, so that no answer is older than
 * its question; who asks while it is under way gets the next one.
 */
export class Coalesced<T> {
  readonly #ask: () => Promise<T>;
  #next: Promise<T> | undefined;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  answer(): Promise<T> {
    this.#next ??= Promise.resolve().then(() => {
      // From here on the question is on its way.
      this.#next = undefined;
      return this.#ask();
    });
    return this.#next;
  }
}

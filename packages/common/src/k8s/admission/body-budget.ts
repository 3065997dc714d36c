/**
 * What the bodies of all requests may take of the memory together. Each small one is free, so that a few clients with
 * large bodies, sent slowly, do not keep the usual ones out.
 *
 * @example
 * ```ts
 * const budget = new BodyBudget(64 * 2 ** 20);
 * const listeners = ["a", "b"].map((name) => serve(() => deny(`no ${name}`), { budget }));
 * ```
 */
export class BodyBudget {
  readonly #maxBytes: number;
  #heldBytes = 0;

  /** @param maxBytes how much the parts of bodies beyond their first 64 KiB may be in all */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Opens an account for one request, whose body grows. */
  open(): BodyAccount {
    let heldBytes = 0;
    return {
      grow: (lengthBytes) => {
        const more = Math.max(0, lengthBytes - freeBytes) - heldBytes;
        if (more > this.#maxBytes - this.#heldBytes) return false;
        heldBytes += more;
        this.#heldBytes += more;
        return true;
      },
      close: () => {
        this.#heldBytes -= heldBytes;
        heldBytes = 0;
      },
    };
  }
}

const freeBytes = 64 * 1024;

/**
 * One request's part of a {@link BodyBudget}.
 *
 * @example
 * ```ts
 * const account: BodyAccount = new BodyBudget(1024).open();
 * account.grow(64 * 1024); // true
 * account.grow(1024 * 1024); // false
 * account.close();
 * ```
 */
export interface BodyAccount {
  /** Whether the body may be this long, in bytes, by now. */
  readonly grow: (lengthBytes: number) => boolean;
  /** Nothing of the body is held any more. */
  readonly close: () => void;
}

import { isDeepStrictEqual } from "node:util";

/** What is looked at, and what is done about it. */
export interface WatchedFiles<State> {
  /** What stands in the files now. */
  readonly read: () => Promise<State>;
  /** Makes use of what is new. A throw says why it cannot be used; it is tried again at each look. */
  readonly use: (state: State) => void;
  /** What is there now cannot be used; told once for each reason. */
  readonly onBroken: (error: Error) => void;
}

/**
 * Looks at files from time to time. It reads them instead of watching them: kubelet swaps a symlink two levels up,
 * which file watchers miss, and small reads cost nothing. A rotation may write several files, or one in pieces, so a state is
 * judged only when it was the same twice in a row.
 */
export class FileWatcher<State> {
  readonly #files: WatchedFiles<State>;
  #used: State;
  #seen: State | Error;
  #reported = "";

  constructor(files: WatchedFiles<State>, used: State) {
    this.#files = files;
    this.#used = used;
    this.#seen = used;
  }

  /** Looks once. Never rejects. */
  async look(): Promise<void> {
    const state = await this.#files.read().catch(asError);
    const settled = sameState(state, this.#seen);
    this.#seen = state;
    if (!settled) return;
    if (state instanceof Error) this.#report(state);
    else if (isDeepStrictEqual(state, this.#used)) this.#reported = "";
    else this.#use(state);
  }

  #use(state: State): void {
    try {
      this.#files.use(state);
      this.#used = state;
      this.#reported = "";
    } catch (error) {
      this.#report(asError(error));
    }
  }

  #report(error: Error): void {
    if (error.message === this.#reported) return;
    this.#reported = error.message;
    this.#files.onBroken(error);
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const sameState = (a: unknown, b: unknown): boolean =>
  a instanceof Error && b instanceof Error ? a.message === b.message : isDeepStrictEqual(a, b);

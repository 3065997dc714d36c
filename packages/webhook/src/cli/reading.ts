import { type Fault, isFault, type Manifest, ManifestReader } from "../manifests/index.js";
import type { Progress } from "./progress.js";
import { findSources, piecesOf, type Source } from "./sources.js";

/** What paths hold, read as it is asked for, and what is known of it so far. */
export class Reading {
  readonly #paths: readonly string[];
  readonly #progress: Progress;
  readonly #mayBeEmpty: boolean;
  readonly #faults: Fault[] = [];
  #objects = 0;
  #files = 0;

  /** @param options.mayBeEmpty whether a text may hold no document at all; a `List` without items is one. @default true */
  constructor(paths: readonly string[], progress: Progress, { mayBeEmpty = true } = {}) {
    this.#paths = paths;
    this.#progress = progress;
    this.#mayBeEmpty = mayBeEmpty;
  }

  /** What could not be read. */
  get faults(): readonly Fault[] {
    return this.#faults;
  }

  get objects(): number {
    return this.#objects;
  }

  /** Files that could be read to their end. */
  get files(): number {
    return this.#files;
  }

  /** @throws what is no fault of the input: a mistake of ours must not look like one. */
  async *manifests(): AsyncGenerator<Manifest> {
    for (const source of await findSources(this.#paths)) {
      if (!("text" in source)) this.#faults.push(source);
      else yield* this.#manifestsIn(source);
    }
  }

  async *#manifestsIn(source: Source): AsyncGenerator<Manifest> {
    const reader = new ManifestReader(source.file);
    for await (const piece of piecesOf(source)) {
      if (typeof piece !== "string") {
        this.#faults.push(piece);
        return;
      }
      yield* this.#counted(reader.push(piece));
    }
    yield* this.#counted(reader.end());
    this.#files++;
    if (reader.documents === 0 && !this.#mayBeEmpty)
      this.#faults.push({ file: source.file, message: isEmpty });
  }

  *#counted(read: Iterable<Manifest | Fault>): Generator<Manifest> {
    for (const item of read) {
      if (isFault(item)) {
        this.#faults.push(item);
        continue;
      }
      this.#objects++;
      this.#progress.at(this.#objects, this.#files + 1);
      yield item;
    }
  }
}

/** Such as what a command that failed leaves behind: with it, every change would look like a new object. */
const isEmpty =
  "holds no document; where nothing is in the cluster yet, leave it out or write a List without items";

import { type Fault, isFault, type Manifest, ManifestReader } from "../manifests/index.js";
import type { Progress } from "./progress.js";
import { findSources, reasonOf, type Source } from "./sources.js";

/** What paths hold, read as it is asked for, and what is known of it so far. */
export class Reading {
  readonly #paths: readonly string[];
  readonly #progress: Progress;
  readonly #faults: Fault[] = [];
  #objects = 0;
  #files = 0;

  constructor(paths: readonly string[], progress: Progress) {
    this.#paths = paths;
    this.#progress = progress;
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

  async *manifests(): AsyncGenerator<Manifest> {
    for (const source of await findSources(this.#paths)) {
      if (!("text" in source)) this.#faults.push(source);
      else yield* this.#manifestsIn(source);
    }
  }

  async *#manifestsIn({ file, text }: Source): AsyncGenerator<Manifest> {
    const reader = new ManifestReader(file);
    try {
      for await (const piece of text()) yield* this.#counted(reader.push(piece));
      yield* this.#counted(reader.end());
      this.#files++;
    } catch (error) {
      this.#faults.push({ file, message: reasonOf(error) });
    }
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

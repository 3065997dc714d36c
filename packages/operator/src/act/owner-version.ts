/**
 * The version of a CocoonSet or CocoonHibernation through one pass. What the pass itself writes makes a new version of it; every such write
 * was made on condition that the version before was the last one. So whoever asks whether the object is still the one that was planned
 * by has to be told of the newest version of this chain, and nobody else's change can hide in it.
 */
export class OwnerVersion {
  readonly #planned: string;
  #current: string;

  constructor(planned: string) {
    this.#planned = planned;
    this.#current = planned;
  }

  /** The last version that is known: what the next write is conditional on. */
  get current(): string {
    return this.#current;
  }

  /** The pass wrote, on condition of {@link current}. */
  advance(resourceVersion: string): void {
    this.#current = resourceVersion;
  }

  /** Whether an object of this version is the one that was planned by, but for what the pass wrote itself. */
  isUnchanged(planned: string, live: string | undefined): boolean {
    return planned === this.#planned && live === this.#current;
  }
}

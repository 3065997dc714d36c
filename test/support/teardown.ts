/**
 * What is to be ended, the last first: as an AsyncDisposableStack, which the oldest Node that we run on does not have. It also takes what is
 * being started still, so that several things may start at the same time: one of them that fails leaves none of the others running.
 *
 * @example
 * await using teardown = new Teardown();
 * const [server] = await Promise.all([teardown.use(startServer()), installWhatItNeeds()]);
 */
export class Teardown implements AsyncDisposable {
  #ends: (() => unknown)[] = [];

  /** Has something disposed of; a promise of it counts from now on, too. Gives what it was given. */
  use<T extends AsyncDisposable>(resource: T): T;
  use<T extends AsyncDisposable>(resource: Promise<T>): Promise<T>;
  use<T extends AsyncDisposable>(resource: T | Promise<T>): T | Promise<T> {
    this.#end<T>(resource, (started) => started[Symbol.asyncDispose]());
    return resource;
  }

  /** The same for what has to be ended in a way of its own. */
  adopt<T extends object>(resource: Promise<T>, end: (started: T) => unknown): Promise<T>;
  adopt<T extends object>(resource: T, end: (started: T) => unknown): T;
  adopt<T extends object>(resource: T | Promise<T>, end: (started: T) => unknown): T | Promise<T> {
    this.#end(resource, end);
    return resource;
  }

  /** What did not start needs no end; whoever started it is told why. */
  #end<T extends object>(resource: T | Promise<T>, end: (started: T) => unknown): void {
    this.defer(async () => {
      const started = await Promise.resolve(resource).catch(() => undefined);
      if (started !== undefined) await end(started);
    });
  }

  /** Has something done. */
  defer(end: () => unknown): void {
    this.#ends.push(end);
  }

  /** Hands everything over: who has it now ends it, and this ends nothing any more. */
  move(): Teardown {
    const next = new Teardown();
    next.#ends = this.#ends;
    this.#ends = [];
    return next;
  }

  /** Ends everything, whatever goes wrong with parts of it; rejects with what first did. */
  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = [];
    for (let end = this.#ends.pop(); end !== undefined; end = this.#ends.pop()) {
      try {
        await end();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

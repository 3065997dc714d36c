import { EventEmitter, on } from "node:events";
import type { ApiRequest, ApiResponse, ApiStream } from "@cocoonstack/common/k8s";
import { keyOf, type KubeObject } from "@cocoonstack/machinery/informer";

/** A line of a watch, and what is called once its reader has dealt with it. */
type Entry = readonly [line: string, done: () => void];

/** Collections of an API server in memory, which can be listed and watched. Selectors are heard, and not applied. */
export class WatchedCluster {
  /** What was asked for, with its query. */
  readonly asked: URL[] = [];
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #events = new EventEmitter();

  /** Puts an object into a collection; resolves when whoever watches it has dealt with that. */
  async put(collection: string, object: KubeObject): Promise<void> {
    const objects = this.#in(collection);
    const type = objects.has(keyOf(object)) ? "MODIFIED" : "ADDED";
    objects.set(keyOf(object), object);
    await this.#tell(collection, type, object);
  }

  /** Takes an object away; resolves when whoever watches its collection has dealt with that. */
  async remove(collection: string, object: KubeObject): Promise<void> {
    this.#in(collection).delete(keyOf(object));
    await this.#tell(collection, "DELETED", object);
  }

  readonly request = ({ path }: ApiRequest): Promise<ApiResponse> => {
    const items = [...this.#in(this.#ask(path)).values()];
    const body = Buffer.from(JSON.stringify({ metadata: { resourceVersion: "1" }, items }));
    return Promise.resolve({ status: 200, headers: {}, body });
  };

  readonly stream = ({ path, signal }: ApiRequest): Promise<ApiStream> => {
    // From now on, so that nothing is lost before it is read.
    const entries: AsyncIterable<unknown> = on(this.#events, this.#ask(path), { ...(signal && { signal }) });
    return Promise.resolve({ status: 200, headers: {}, chunks: linesOf(entries as AsyncIterable<Entry>) });
  };

  #ask(path: string): string {
    const url = new URL(path, "http://api");
    this.asked.push(url);
    return url.pathname;
  }

  #in(collection: string): Map<string, KubeObject> {
    const found = this.#objects.get(collection) ?? new Map<string, KubeObject>();
    this.#objects.set(collection, found);
    return found;
  }

  async #tell(collection: string, type: string, object: KubeObject): Promise<void> {
    // Its watch begins a moment after its list.
    while (this.#events.listenerCount(collection) === 0) await new Promise(setImmediate);
    await new Promise<void>((done) => {
      this.#events.emit(collection, `${JSON.stringify({ type, object })}\n`, done);
    });
  }
}

/** @throws nothing at the end of a watch: it is over then. */
async function* linesOf(entries: AsyncIterable<Entry>): AsyncIterable<Buffer> {
  try {
    for await (const [line, done] of entries) {
      yield Buffer.from(line);
      done();
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "AbortError") throw error;
  }
}

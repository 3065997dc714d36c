import { ApiError, RequestError, sleep, type ClusterConnection } from "@cocoonstack/common/k8s";
import type { Collection } from "./collection.js";
import { asKubeObject, keyOf, type KubeObject } from "./kube-object.js";
import { listAll } from "./list-all.js";
import { isUnreachable, retryDelayMs } from "./retry-delay.js";
import { Store, type ChangeHandler, type IndexFunction } from "./store.js";
import type { WatchEvent } from "./watch-event.js";
import { watchOnce, type WatchEnd } from "./watch-once.js";

/** What the server, or the way to it, does: it may be gone at the next try. */
type PassingError = ApiError | RequestError;

/** What happens to an informer, for metrics and the log. A hook that throws ends {@link Informer.run}. */
export interface InformerObserver {
  /** A list has been taken in. */
  listed(list: { readonly objects: number; readonly tookMs: number }): void;
  /** A watch came to its end; the next goes on from there. */
  watchEnded(end: WatchEnd): void;
  /** A list or watch failed, for the `failures`-th time in a row; the next try comes in `retryInMs`. */
  failed(failure: {
    readonly error: PassingError;
    readonly failures: number;
    readonly retryInMs: number;
  }): void;
}

/** See {@link Informer}. */
export interface InformerOptions<T extends KubeObject, Index extends string> {
  readonly connection: Pick<ClusterConnection, "request" | "stream">;
  readonly collection: Collection;
  /** What to keep of an object, in memory for as long as it exists. What it gets is as the server sent it. */
  readonly transform: (object: KubeObject) => T;
  /** By what objects are found with {@link Informer.byIndex}. */
  readonly indexes: Readonly<Record<Index, IndexFunction<T>>>;
  /**
   * Objects in a page of a list.
   * @default 500
   */
  readonly pageSize?: number;
  /**
   * How long a watch lasts at least; up to twice that, so that not all of them end at once.
   * @default 300_000
   */
  readonly watchTimeoutMs?: number;
  /**
   * After how long without a byte a watch is begun anew, from where it was. Bookmarks come about once a minute, so this finds a
   * connection that died without a word. Where nothing of a kind ever happens, some servers send none; then it costs one request.
   * @default 120_000
   */
  readonly silenceMs?: number;
  readonly observer?: Partial<InformerObserver>;
}

/** What is known of a watch once it has ended. */
interface Watch {
  startMs: number | undefined;
  /** Whether it brought anything, if only a bookmark. */
  heard: boolean;
}

/** A watch that holds for this long has succeeded, whatever ends it. */
const heldMs = 5_000;

/**
 * A copy of a collection that follows its changes, and tells of them. It lists in pages, watches from there on, resumes a watch that
 * ends, and lists anew where the server's history does not reach back to where it was (410), which also shows what was deleted
 * meanwhile. What fails is tried again for as long as it runs.
 *
 * @example
 * ```ts
 * const pods = new Informer({
 *   connection,
 *   collection: { path: "/api/v1/pods", labelSelector: "cocoonset.cocoonstack.io/name" },
 *   transform: slimPod,
 *   indexes: { set: (pod) => [`${pod.metadata.namespace}/${pod.set}`] },
 * });
 * pods.addHandler({ add: enqueue, update: enqueue, delete: enqueue });
 * const running = pods.run(signal);
 * if (await pods.whenSynced(signal)) pods.byIndex("set", "shop/demo");
 * await running;
 * ```
 */
export class Informer<T extends KubeObject, Index extends string = never> {
  readonly #options: Required<Omit<InformerOptions<T, Index>, "observer">>;
  readonly #observer: Partial<InformerObserver>;
  readonly #store: Store<T, Index>;
  readonly #synced = new AbortController();
  /** Where the next watch goes on; undefined: from a list. */
  #resourceVersion: string | undefined;
  #heardAtMs = performance.now();
  /** Whether there was no connection at the last attempt. */
  #wasUnreachable = false;
  #isRunning = false;

  constructor({ observer = {}, ...options }: InformerOptions<T, Index>) {
    this.#options = { pageSize: 500, watchTimeoutMs: 300_000, silenceMs: 120_000, ...options };
    this.#observer = observer;
    this.#store = new Store(options.indexes);
  }

  /** Whether a first list has been taken in, and its handlers have been told. */
  get hasSynced(): boolean {
    return this.#synced.signal.aborted;
  }

  /** Resolves true once it has synced, false when `signal` is aborted first. */
  async whenSynced(signal: AbortSignal): Promise<boolean> {
    if (this.hasSynced || signal.aborted) return this.hasSynced;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        signal.removeEventListener("abort", done);
        this.#synced.signal.removeEventListener("abort", done);
        resolve();
      };
      signal.addEventListener("abort", done);
      this.#synced.signal.addEventListener("abort", done);
    });
    return this.hasSynced;
  }

  /** How long ago the server was last heard: a list, an event, a bookmark. */
  get silentForMs(): number {
    return performance.now() - this.#heardAtMs;
  }

  /** How many objects there are. */
  get size(): number {
    return this.#store.size;
  }

  /** @param key `namespace/name`, or `name` for an object of the whole cluster. */
  get(key: string): T | undefined {
    return this.#store.get(key);
  }

  /** All objects, in no order. */
  values(): IterableIterator<T> {
    return this.#store.values();
  }

  /** The objects of which the index function gives `value`. */
  byIndex(index: Index, value: string): T[] {
    return this.#store.byIndex(index, value);
  }

  /** Tells `handler` of everything that is here already, and from then on of every change. */
  addHandler(handler: ChangeHandler<T>): void {
    this.#store.addHandler(handler);
  }

  /**
   * Follows the collection until `signal` is aborted, and tells nothing after that.
   *
   * @throws {Error} when it runs already, and whatever a handler, `transform` or an index function throws.
   * @throws {RequestError} when the connection has been closed.
   */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#isRunning) throw new Error("the informer runs already");
    this.#isRunning = true;
    try {
      for (let failures = 0; !signal.aborted;) failures = await this.#attempt(failures, signal);
    } finally {
      this.#isRunning = false;
    }
  }

  /** One list where it needs one, one watch, and the pause after a failure. Gives how many attempts have failed in a row. */
  async #attempt(failures: number, signal: AbortSignal): Promise<number> {
    const watch: Watch = { startMs: undefined, heard: false };
    const error = await this.#follow(watch, signal);
    if (signal.aborted) return 0;
    const { startMs, heard } = watch;
    const hasHeld = heard || (startMs !== undefined && performance.now() - startMs >= heldMs);
    if (hasHeld && error === undefined) return 0;
    // How often it could not be reached says nothing about a server that is back and still refuses, as it does while it starts.
    const isBack = this.#wasUnreachable && !isUnreachable(error);
    this.#wasUnreachable = isUnreachable(error);
    // A watch that ends at once and brings nothing is like one that fails: it must not be begun again without a pause.
    const inARow = hasHeld || isBack ? 1 : failures + 1;
    await sleep(this.#pauseMs(error, inARow), signal);
    return inARow;
  }

  /** Gives what ended it, unless that was the server or the stop. */
  async #follow(watch: Watch, signal: AbortSignal): Promise<PassingError | undefined> {
    try {
      const resourceVersion = this.#resourceVersion ?? (await this.#list(signal));
      watch.startMs = performance.now();
      const end = await this.#watch(resourceVersion, signal, watch);
      if (end !== "stopped") this.#observer.watchEnded?.(end);
      return undefined;
    } catch (error) {
      if (!isPassing(error)) throw error;
      return error;
    }
  }

  #pauseMs(error: PassingError | undefined, failures: number): number {
    if (error === undefined) return retryDelayMs(failures, undefined);
    const isExpired = error instanceof ApiError && error.status === 410;
    if (isExpired) this.#resourceVersion = undefined;
    // To be behind is no fault of the server's, the first time.
    const retryInMs = isExpired && failures === 1 ? 0 : retryDelayMs(failures, error);
    this.#observer.failed?.({ error, failures, retryInMs });
    return retryInMs;
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { connection, collection, pageSize, transform } = this.#options;
    const startMs = performance.now();
    const objects = new Map<string, T>();
    const resourceVersion = await listAll({
      connection,
      collection,
      pageSize,
      signal,
      onItems: (items) => {
        for (const item of items) {
          const object = transform(asKubeObject(`GET ${collection.path}`, item));
          objects.set(keyOf(object), object);
        }
      },
    });
    this.#store.replace(objects);
    this.#resourceVersion = resourceVersion;
    this.#heardAtMs = performance.now();
    this.#synced.abort();
    this.#observer.listed?.({ objects: objects.size, tookMs: performance.now() - startMs });
    return resourceVersion;
  }

  #watch(resourceVersion: string, signal: AbortSignal, watch: Watch): Promise<WatchEnd> {
    const { connection, collection, watchTimeoutMs, silenceMs } = this.#options;
    return watchOnce({
      connection,
      collection,
      resourceVersion,
      timeoutMs: watchTimeoutMs * (1 + Math.random()),
      silenceMs,
      signal,
      onEvent: (event) => {
        this.#apply(event);
        this.#resourceVersion = event.resourceVersion;
        this.#heardAtMs = performance.now();
        watch.heard = true;
      },
    });
  }

  #apply(event: WatchEvent): void {
    if (event.type === "bookmark") return;
    const object = this.#options.transform(event.object);
    if (event.type === "put") this.#store.put(object);
    else this.#store.delete(keyOf(object), object);
  }
}

const isPassing = (error: unknown): error is PassingError =>
  error instanceof ApiError || (error instanceof RequestError && error.kind !== "closed");

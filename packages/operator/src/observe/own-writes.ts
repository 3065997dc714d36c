import { keyOf, type KubeObject } from "@cocoonstack/machinery/informer";
import { isAtLeast } from "./resource-version.js";

/** What was written, and whether it is still there. */
type Write<T> =
  | { readonly kind: "put"; readonly object: T; readonly atMs: number }
  | { readonly kind: "gone"; readonly object: T; readonly atMs: number };

/** Answers come within seconds; so many pods do not end in that time. */
const mostEnded = 10_000;

/**
 * What this process wrote and its informer has not shown yet. A plan that is made of the cache alone would do the same again, or worse:
 * it would take a pod that it has just made for one that is missing. So the answers to writes count until the cache has caught up.
 */
export class OwnWrites<T extends KubeObject> {
  readonly #cached: (key: string) => T | undefined;
  readonly #writes = new Map<string, Write<T>>();
  /** UIDs of objects whose end the informer has told of, the newest last: the answer to a write may come after that. */
  readonly #ended = new Set<string>();

  /** @param cached What the informer shows. */
  constructor(cached: (key: string) => T | undefined) {
    this.#cached = cached;
  }

  /** The server answered a create or a patch with this object. */
  put(object: T): void {
    if (this.#ended.has(object.metadata.uid)) return;
    this.#writes.set(keyOf(object), { kind: "put", object, atMs: performance.now() });
  }

  /** The server answered a write with this object, which is gone if it was the last thing that its deletion waited for. */
  wrote(object: T & { readonly isGone: boolean }): void {
    if (object.isGone) this.gone(object);
    else this.put(object);
  }

  /** The server has let this object go. */
  gone(object: T): void {
    this.#writes.set(keyOf(object), { kind: "gone", object, atMs: performance.now() });
  }

  /** What there is, by the cache and by what was written. */
  latest(key: string): T | undefined {
    const write = this.#writes.get(key);
    const cached = this.#cached(key);
    if (write === undefined) return cached;
    if (hasCaughtUp(write, cached)) {
      this.#writes.delete(key);
      return cached;
    }
    return write.kind === "put" ? write.object : undefined;
  }

  /** The informer told that an object is gone. */
  ended(last: T): void {
    this.#ended.add(last.metadata.uid);
    const [oldest] = this.#ended;
    if (this.#ended.size > mostEnded && oldest !== undefined) this.#ended.delete(oldest);
    const write = this.#writes.get(keyOf(last));
    if (write?.object.metadata.uid === last.metadata.uid) this.#writes.delete(keyOf(last));
  }

  /** Whether the newest write is this very version. */
  isOwn(object: T): boolean {
    const write = this.#writes.get(keyOf(object));
    return write?.kind === "put" && write.object.metadata.resourceVersion === object.metadata.resourceVersion;
  }

  /** The objects that were written, and not let go, and that the informer has not shown yet. */
  pending(): readonly T[] {
    return [...this.#writes.values()].flatMap(({ kind, object }) => (kind === "put" ? [object] : []));
  }

  /** The keys of writes that the informer should have shown long ago: the server itself has to be asked. */
  overdue(limitMs: number): readonly string[] {
    const before = performance.now() - limitMs;
    for (const key of [...this.#writes.keys()]) this.latest(key);
    return [...this.#writes].filter(([, { atMs }]) => atMs < before).map(([key]) => key);
  }

  /** The server says that what was written is not there any more. */
  lost(key: string): void {
    const write = this.#writes.get(key);
    if (write !== undefined) this.gone(write.object);
  }
}

function hasCaughtUp<T extends KubeObject>({ kind, object }: Write<T>, cached: T | undefined): boolean {
  if (kind === "gone") {
    if (cached?.metadata.uid !== object.metadata.uid) return true;
    return (
      cached.metadata.resourceVersion !== object.metadata.resourceVersion &&
      isAtLeast(cached.metadata.resourceVersion, object.metadata.resourceVersion)
    );
  }
  return cached !== undefined && isAtLeast(cached.metadata.resourceVersion, object.metadata.resourceVersion);
}

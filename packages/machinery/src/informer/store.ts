import { keyOf, type KubeObject } from "./kube-object.js";

/**
 * What is told of changes, in their order and each once. A hook that throws ends {@link Informer.run}: the change would be lost
 * otherwise.
 */
export interface ChangeHandler<T> {
  /** An object is new here. */
  add(object: T): void;
  /** An object has another resourceVersion. */
  update(object: T, old: T): void;
  /** An object is gone, or fits the selector no more. `last` is the newest that is known, and may be older than the end. */
  delete(last: T): void;
}

/** Which values an object is found by, such as the names of the sets that own it. */
export type IndexFunction<T> = (object: T) => readonly string[];

/** Objects by key, and by what index functions say of them. */
export class Store<T extends KubeObject, Index extends string> {
  readonly #objects = new Map<string, T>();
  readonly #handlers: ChangeHandler<T>[] = [];
  /** For each index: the keys of the objects that have a value. */
  readonly #indexes = new Map<Index, Map<string, Set<string>>>();
  readonly #functions: Readonly<Record<Index, IndexFunction<T>>>;

  constructor(functions: Readonly<Record<Index, IndexFunction<T>>>) {
    this.#functions = functions;
    for (const name of Object.keys(functions) as Index[]) this.#indexes.set(name, new Map());
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  values(): IterableIterator<T> {
    return this.#objects.values();
  }

  byIndex(index: Index, value: string): T[] {
    const keys = this.#indexes.get(index)?.get(value) ?? [];
    return [...keys].flatMap((key) => this.#objects.get(key) ?? []);
  }

  /** Tells `handler` of everything that is here, and from then on of every change. */
  addHandler(handler: ChangeHandler<T>): void {
    this.#handlers.push(handler);
    for (const object of this.#objects.values()) handler.add(object);
  }

  put(object: T): void {
    const key = keyOf(object);
    const old = this.#objects.get(key);
    if (old?.metadata.resourceVersion === object.metadata.resourceVersion) return;
    // Another object of the same name, and nobody saw the end of the first.
    if (old !== undefined && old.metadata.uid !== object.metadata.uid) this.delete(key);
    const known = this.#objects.get(key);
    if (known !== undefined) this.#unindex(key, known);
    this.#objects.set(key, object);
    this.#index(key, object);
    for (const handler of this.#handlers) {
      if (known === undefined) handler.add(object);
      else handler.update(object, known);
    }
  }

  /** @param end The object as it was at its end, where that is known. */
  delete(key: string, end?: T): void {
    const last = this.#objects.get(key);
    if (last === undefined) return;
    this.#unindex(key, last);
    this.#objects.delete(key);
    for (const handler of this.#handlers) handler.delete(end ?? last);
  }

  /** Becomes what `objects` has, by the changes that this takes: what is gone first. */
  replace(objects: ReadonlyMap<string, T>): void {
    for (const key of [...this.#objects.keys()]) {
      if (!objects.has(key)) this.delete(key);
    }
    for (const object of objects.values()) this.put(object);
  }

  #index(key: string, object: T): void {
    for (const [name, keysByValue] of this.#indexes) {
      for (const value of this.#functions[name](object)) {
        const keys = keysByValue.get(value);
        if (keys === undefined) keysByValue.set(value, new Set([key]));
        else keys.add(key);
      }
    }
  }

  #unindex(key: string, object: T): void {
    for (const [name, keysByValue] of this.#indexes) {
      for (const value of this.#functions[name](object)) {
        const keys = keysByValue.get(value);
        keys?.delete(key);
        if (keys?.size === 0) keysByValue.delete(value);
      }
    }
  }
}

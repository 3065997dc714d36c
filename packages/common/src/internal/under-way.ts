/** A place in {@link UnderWay}, to leave by. */
export interface Place<T> {
  readonly item: T;
}

interface Link<T> {
  item: T;
  previous: Link<T> | undefined;
  next: Link<T> | undefined;
}

/**
 * What has begun and not ended yet, in the order in which it began; each may be in it more than once.
 *
 * Not a `Set`, where thousands come and go in a second: V8 ties each table that a set has outgrown to the next one. Once one of them is in
 * the old generation, it keeps alive all that come after it, with what was in them, until all memory is collected: under load
 * the collector then copies requests about that ended long ago.
 *
 * @example
 * const underWay = new UnderWay<string>();
 * const place = underWay.begin("a");
 * [...underWay]; // ["a"]
 * underWay.end(place);
 * underWay.size; // 0
 */
export class UnderWay<T> implements Iterable<T> {
  #first: Link<T> | undefined;
  #last: Link<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  begin(item: T): Place<T> {
    const link: Link<T> = { item, previous: this.#last, next: undefined };
    if (this.#last === undefined) this.#first = link;
    else this.#last.next = link;
    this.#last = link;
    this.#size++;
    return link;
  }

  end(place: Place<T>): void {
    const link = place as Link<T>;
    if (link.previous === undefined && link !== this.#first) return;
    if (link.previous === undefined) this.#first = link.next;
    else link.previous.next = link.next;
    if (link.next === undefined) this.#last = link.previous;
    else link.next.previous = link.previous;
    // What has ended leads nowhere, so that nothing is kept alive by it.
    link.previous = undefined;
    link.next = undefined;
    this.#size--;
  }

  /** Those that are in it now: what begins or ends meanwhile changes nothing. */
  [Symbol.iterator](): Iterator<T> {
    const items: T[] = [];
    for (let link = this.#first; link !== undefined; link = link.next) items.push(link.item);
    return items.values();
  }
}

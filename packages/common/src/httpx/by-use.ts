import type { Socket } from "node:net";
import { type Place, UnderWay } from "../internal/index.js";

/** Connections in the order of their last use: the one that has been idle for longest comes first. */
export class ByUse implements Iterable<Socket> {
  readonly #order = new UnderWay<Socket>();
  readonly #places = new WeakMap<Socket, Place<Socket>>();

  get size(): number {
    return this.#order.size;
  }

  used(socket: Socket): void {
    this.gone(socket);
    this.#places.set(socket, this.#order.begin(socket));
  }

  gone(socket: Socket): void {
    const place = this.#places.get(socket);
    if (place !== undefined) this.#order.end(place);
  }

  [Symbol.iterator](): Iterator<Socket> {
    return this.#order[Symbol.iterator]();
  }
}

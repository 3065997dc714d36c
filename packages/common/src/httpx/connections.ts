import type { Socket } from "node:net";
import { UnderWay } from "../internal/index.js";

/** The connections of a server that are open, also those that Node does not count: in the middle of a TLS handshake. */
export class Connections {
  readonly #open = new UnderWay<Socket>();
  readonly #waiting: (() => void)[] = [];

  add(socket: Socket): void {
    const place = this.#open.begin(socket);
    socket.once("close", () => {
      this.#open.end(place);
      if (this.#open.size > 0) return;
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
  }

  /** Resolves when none is open. */
  gone(): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Closes all at once, whatever they carry. */
  destroy(): void {
    for (const socket of this.#open) socket.destroy();
  }
}

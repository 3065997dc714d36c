import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A request that has arrived. */
export interface Arrived {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** A server that answers as a test says, and remembers what it was asked. */
export interface HostileRegistry extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly requests: readonly Arrived[];
  /** How many requests are being answered, and how many were at most. */
  readonly mostAtOnce: number;
}

/** @param answer writes the answer, whole or not. */
export async function hostileRegistry(
  answer: (request: Arrived, response: ServerResponse) => void,
): Promise<HostileRegistry> {
  const requests: Arrived[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  const server = createServer((incoming, response) => {
    atOnce++;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    response.once("close", () => atOnce--);
    const { method = "", url: path = "", headers } = incoming;
    buffer(incoming).then(
      (body) => {
        const request = { method, path, headers, body };
        requests.push(request);
        answer(request, response);
      },
      () => undefined,
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get mostAtOnce() {
      return mostAtOnce;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

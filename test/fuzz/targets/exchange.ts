import type { Buffer } from "node:buffer";
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";

/** What a handler of Node's HTTP server answered. */
export interface Exchanged {
  readonly status: number;
  readonly body: string;
}

/** Node's own response, but for the wire: what is written to it is kept. */
class KeptResponse extends ServerResponse {
  readonly answered: Promise<Exchanged>;
  #settle: (answer: Exchanged) => void = () => undefined;

  constructor(request: IncomingMessage) {
    super(request);
    this.answered = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  override end(body?: unknown): this {
    this.#settle({ status: this.statusCode, body: typeof body === "string" ? body : "" });
    return this;
  }

  override destroy(): this {
    this.#settle({ status: 0, body: "the connection was cut" });
    return this;
  }
}

const nowhere = new Socket();

/** Posts a body to a handler, without a socket: hundreds of times as fast as with one. */
export function post(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  url: string,
  body: Buffer,
): Promise<Exchanged> {
  const request = new IncomingMessage(nowhere);
  request.method = "POST";
  request.url = url;
  request.headers = { "content-type": "application/json", "content-length": String(body.length) };
  const response = new KeptResponse(request);
  handler(request, response);
  request.push(body);
  request.push(null);
  return response.answered;
}

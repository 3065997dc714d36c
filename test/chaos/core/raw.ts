import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";

/** What came back on a connection, until the other side closed it or enough was there. */
export interface Exchange {
  /** Status codes of the answers, in their order. */
  readonly statuses: readonly number[];
  readonly text: string;
  /** Whether the server ended the connection. */
  readonly closed: boolean;
  readonly afterMs: number;
}

/** How bytes are sent. */
export interface Sending {
  /** Ends our side after the last byte, while the answer is still awaited. @default false */
  readonly halfClose?: boolean;
  /** How many answers are enough; the connection is then left. @default 1 */
  readonly answers?: number;
  /** Whether to wait for the server to close, however many answers there are. @default false */
  readonly untilClosed?: boolean;
  readonly timeoutMs?: number;
  readonly tls?: ConnectionOptions;
}

const local = { host: "127.0.0.1", rejectUnauthorized: false } as const;

/** Opens a TLS connection, whoever the server says it is. Rejects where there is no handshake. */
export function open(port: number, tls: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...local, ...tls, port });
    socket.once("error", reject).once("secureConnect", () => {
      socket.off("error", reject).on("error", () => undefined);
      resolve(socket);
    });
  });
}

/** Sends bytes on a connection of their own, and gives what comes back. */
export async function send(
  port: number,
  bytes: string | Buffer | readonly (string | Buffer)[],
  { halfClose = false, answers = 1, untilClosed = false, timeoutMs = 20_000, tls = {} }: Sending = {},
): Promise<Exchange> {
  const startedAtMs = performance.now();
  const socket = await open(port, { ...tls, allowHalfOpen: true } as ConnectionOptions);
  let text = "";
  return new Promise((resolve) => {
    const settle = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ statuses: statusesIn(text), text, closed, afterMs: performance.now() - startedAtMs });
    };
    const timer = setTimeout(settle, timeoutMs, false);
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      if (!untilClosed && completeAnswers(text) >= answers) settle(false);
    });
    socket.on("end", () => {
      settle(true);
    });
    socket.on("close", () => {
      settle(true);
    });
    for (const piece of Array.isArray(bytes) ? (bytes as readonly (string | Buffer)[]) : [bytes as string]) {
      socket.write(piece);
    }
    if (halfClose) socket.end();
  });
}

const statusesIn = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 ([0-9]{3}) /g)].map(([, code]) => Number(code));

/** Answers with a length, all of whose bytes are there. */
function completeAnswers(text: string): number {
  let count = 0;
  for (let rest = text; ; count++) {
    const head = rest.indexOf("\r\n\r\n");
    if (head === -1) return count;
    const length = Number(/^content-length: ([0-9]+)/im.exec(rest.slice(0, head))?.[1] ?? 0);
    if (rest.length < head + 4 + length) return count;
    rest = rest.slice(head + 4 + length);
  }
}

/** The head of a POST of JSON to `/mutate`, with these lines besides. */
export const head = (...lines: readonly string[]): string => request("POST /mutate HTTP/1.1", ...lines);

/** Any head. */
export const request = (first: string, ...lines: readonly string[]): string =>
  [first, "Host: x", "Content-Type: application/json", ...lines, "", ""].join("\r\n");

/** A whole POST of a body. */
export const post = (body: string | Buffer, path = "/mutate", ...lines: readonly string[]): Buffer =>
  Buffer.concat([
    Buffer.from(request(`POST ${path} HTTP/1.1`, ...lines, `Content-Length: ${Buffer.byteLength(body)}`)),
    Buffer.from(body),
  ]);

/** `200`, `200 200`, `400, closed`; `no answer, closed` where nothing came. */
export const inWords = ({ statuses, closed }: Exchange): string =>
  `${statuses.length === 0 ? "no answer" : statuses.join(" ")}${closed ? ", closed" : ""}`;

/** What a review was answered, in words: `allowed`, `refused 403`. */
export function decisionIn({ statuses, text }: Exchange): string {
  const allowed = /"allowed":(true|false)/.exec(text)?.[1];
  if (allowed === undefined) return `no decision (${statuses.join(" ")})`;
  return allowed === "true" ? "allowed" : `refused ${/"code":([0-9]{3})/.exec(text)?.[1] ?? ""}`;
}

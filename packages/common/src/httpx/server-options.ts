import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Answers a request. A rejection, or a throw, is answered with 500 where that is still possible, and reported.
 *
 * @example
 * ```ts
 * const handler: Handler = (request, response) => {
 *   response.end(`you asked for ${request.url ?? "/"}\n`);
 * };
 * ```
 */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/**
 * Certificate chain and private key in PEM.
 *
 * @example
 * ```ts
 * const { certPem, keyPem } = await generateSelfSignedCert("node-1", "10.0.0.7");
 * const pair: ServerTls = { cert: certPem, key: keyPem };
 * ```
 */
export interface ServerTls {
  readonly cert: string;
  readonly key: string;
  /**
   * Certificate authorities in PEM. Clients are asked for a certificate of theirs, and may come without one:
   * {@link verifiedClient} tells a handler. Sessions are not resumed then, so that every connection is verified anew.
   * @default clients are not asked
   */
  readonly clientCa?: string;
}

/**
 * See {@link newServer}.
 *
 * @example
 * ```ts
 * const options: ServerOptions = {
 *   name: "webhook",
 *   address: ":8443",
 *   tls,
 *   handler: (_request, response) => { response.end(); },
 * };
 * newServer(options).phase; // "serving"
 * ```
 */
export interface ServerOptions {
  /** What messages call it: `webhook`, `metrics`. */
  readonly name: string;
  /** Where it listens: `:8443`, `127.0.0.1:0`; see {@link parseListenAddress}. */
  readonly address: string;
  readonly handler: Handler;
  /** Makes it an HTTPS server (TLS 1.2 and later). */
  readonly tls?: ServerTls;
  /**
   * Ends an answer in place of `handler` while `closing`; status and headers are set, and the request has been read.
   * @default a line of text
   */
  readonly refuse?: (response: ServerResponse) => void;
  /** Told what `handler` threw. */
  readonly onHandlerError?: (error: unknown) => void;
  /**
   * Time for a request's headers to arrive, from the opening of a connection or the first byte. A client that opens
   * connections ahead of need, as Go's does under load, may send its first request later than this: give it as long as it
   * keeps them.
   * @default 10_000
   */
  readonly headersTimeoutMs?: number;
  /**
   * Time for a whole request to arrive, body included; beyond it the answer is 408. At least `headersTimeoutMs`.
   * @default 30_000
   */
  readonly requestTimeoutMs?: number;
  /**
   * How long an idle connection is kept. API servers keep theirs 90 s: whoever closes first loses requests.
   * @default 120_000
   */
  readonly keepAliveTimeoutMs?: number;
  /**
   * While `closing`: how long connections without a request are kept, for their clients to leave them or to be told 503,
   * before they are closed; at most nine tenths of the shutdown timeout. For a server whose clients do not repeat a request
   * that was on its way when its connection was closed: Go's HTTP client does not repeat a POST.
   * @default 0
   */
  readonly idleGraceMs?: number;
  /**
   * How many connections are kept; with one more, the one that has been idle for longest is closed.
   * @default no limit
   */
  readonly maxConnections?: number;
  /**
   * Limit for all headers of a request; beyond it the answer is 431.
   * @default 16_384
   */
  readonly maxHeaderBytes?: number;
}

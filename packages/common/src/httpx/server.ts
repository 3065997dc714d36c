import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer, Server as HttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { formatListenAddress, parseListenAddress, type ListenAddress } from "./listen-address.js";
import { listenFault } from "./listen-fault.js";

/**
 * Where a server is in its life:
 *
 * - `serving`: as usual
 * - `draining`: still serving, because clients do not know yet that it is going; every answer carries `Connection: close`
 * - `closing`: requests that are being answered are finished, new ones are refused with 503 and `Retry-After: 1`
 *
 * @example
 * ```ts
 * const isReady = ({ phase }: { readonly phase: Phase }): boolean => phase === "serving";
 * isReady(webhook); // true
 * ```
 */
export type Phase = "serving" | "draining" | "closing";

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
   * Time for a request's headers to arrive, from the opening of a connection or the first byte.
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
   * Limit for all headers of a request; beyond it the answer is 431.
   * @default 16_384
   */
  readonly maxHeaderBytes?: number;
}

/**
 * A server that {@link run} starts and stops.
 *
 * @example
 * ```ts
 * const readiness = (server: HttpServer): number => (server.phase === "serving" ? 200 : 503);
 * readiness(newServer({ name: "metrics", address: ":9090", handler: () => undefined })); // 200
 * ```
 */
export interface HttpServer {
  readonly name: string;
  /** For request handlers, such as a readiness endpoint. */
  readonly phase: Phase;
  /**
   * Uses another certificate for new connections.
   *
   * @throws {Error} when it is unusable (the old one stays), or without TLS.
   */
  setTls(tls: ServerTls): void;
}

/**
 * A server that listens nowhere yet; {@link run} starts it.
 *
 * @throws {ListenAddressError} when the address is bad.
 * @throws {Error} of Node when the certificate is unusable.
 * @throws {RangeError} of Node when a time or a limit is negative or no integer.
 *
 * @example
 * ```ts
 * const server = newServer({
 *   name: "metrics",
 *   address: "127.0.0.1:0", // any free port; run tells which
 *   handler: (_request, response) => { response.end("ok"); },
 * });
 * await run([server], { signal, shutdownTimeoutMs: 10_000 });
 * ```
 */
export function newServer(options: ServerOptions): HttpServer {
  return new ManagedServer(options);
}

/** How often Node looks for requests that are too slow; its default of 30 s would make a limit of 10 s mean up to 40. */
const timeoutCheckMs = 1_000;

/** What {@link run} does with a server. */
export class ManagedServer implements HttpServer {
  readonly name: string;
  readonly #options: ServerOptions;
  readonly #address: ListenAddress;
  readonly #server: Server | HttpsServer;
  readonly #sockets = new Set<Socket>();
  readonly #inFlight = new Set<ServerResponse>();
  #phase: Phase = "serving";
  #onIdle: (() => void) | undefined;

  constructor(options: ServerOptions) {
    this.name = options.name;
    this.#options = options;
    this.#address = parseListenAddress(options.address);
    this.#server = createNodeServer(options);
    this.#server.on("request", (request, response) => {
      this.#onRequest(request, response);
    });
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  get phase(): Phase {
    return this.#phase;
  }

  setTls(tls: ServerTls): void {
    if (!(this.#server instanceof HttpsServer)) throw new Error(`${this.name} serves without TLS`);
    this.#server.setSecureContext(secureContextOptions(tls));
  }

  /** Resolves with the address that it really has; rejects with an error that names the address. */
  async listen(): Promise<ListenAddress> {
    await new Promise<void>((resolve, reject) => {
      const onError = (cause: Error): void => {
        reject(listenFault(this.name, formatListenAddress(this.#address), cause));
      };
      this.#server.once("error", onError);
      this.#server.listen({ port: this.#address.port, host: this.#address.host }, () => {
        this.#server.off("error", onError);
        resolve();
      });
    });
    const bound = this.#server.address() as AddressInfo;
    return { host: this.#address.host === undefined ? undefined : bound.address, port: bound.port };
  }

  /** Reports what goes wrong after the start. */
  onError(listener: (error: Error) => void): void {
    this.#server.on("error", (cause) => {
      listener(new Error(`${this.name}: the server failed: ${cause.message}`, { cause }));
    });
  }

  enter(phase: Phase): void {
    this.#phase = phase;
    if (phase === "serving") return;
    // Answers that have not begun yet can still ask their client to leave.
    for (const response of this.#inFlight) askToLeave(response);
  }

  /**
   * Finishes what is being answered, then closes: the listener last, because a late client is better served with a 503
   * that it may retry than with a refused connection. Rejects when something had to be cut off at `deadlineMs`.
   */
  async close(deadlineMs: number): Promise<void> {
    this.enter("closing");
    if (!this.#server.listening) return;
    let cut: Error | undefined;
    const timer = setTimeout(() => {
      cut = this.#cutOff(deadlineMs);
    }, deadlineMs);
    await this.#idle();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    clearTimeout(timer);
    if (cut !== undefined) throw cut;
  }

  #idle(): Promise<void> {
    if (this.#inFlight.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #cutOff(deadlineMs: number): Error | undefined {
    const left = this.#inFlight.size;
    // Also those that Node's closeAllConnections does not know, such as one in the middle of its TLS handshake.
    for (const socket of this.#sockets) socket.destroy();
    if (left === 0) return undefined;
    return new Error(`${this.name}: ${left} request(s) unfinished after ${deadlineMs} ms were cut off`);
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    if (this.#phase !== "serving") askToLeave(response);
    if (this.#phase === "closing") {
      this.#refuse(request, response);
      return;
    }
    this.#inFlight.add(response);
    response.once("close", () => {
      this.#inFlight.delete(response);
      if (this.#inFlight.size === 0) this.#onIdle?.();
    });
    void this.#answer(request, response);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#options.handler(request, response);
    } catch (error) {
      this.#options.onHandlerError?.(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { "content-type": "text/plain" }).end("internal error\n");
    }
  }

  #refuse(request: IncomingMessage, response: ServerResponse): void {
    response.statusCode = 503;
    response.setHeader("retry-after", "1");
    // A connection that is closed with unread input is reset, and the client may lose the answer: read to the end first.
    request.resume().once("end", () => {
      if (this.#options.refuse !== undefined) this.#options.refuse(response);
      else response.setHeader("content-type", "text/plain").end("shutting down: try again\n");
    });
  }
}

function askToLeave(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("connection", "close");
}

function createNodeServer(options: ServerOptions): Server | HttpsServer {
  const headersTimeout = options.headersTimeoutMs ?? 10_000;
  const limits = {
    headersTimeout,
    requestTimeout: Math.max(options.requestTimeoutMs ?? 30_000, headersTimeout),
    keepAliveTimeout: options.keepAliveTimeoutMs ?? 120_000,
    maxHeaderSize: options.maxHeaderBytes ?? 16_384,
    connectionsCheckingInterval: Math.min(timeoutCheckMs, headersTimeout),
  };
  if (options.tls === undefined) return createHttpServer(limits);
  return createHttpsServer({
    ...limits,
    ...secureContextOptions(options.tls),
    handshakeTimeout: headersTimeout,
    ALPNProtocols: ["http/1.1"],
  });
}

const secureContextOptions = ({ cert, key }: ServerTls) => ({ cert, key, minVersion: "TLSv1.2" as const });

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Server as HttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { TLSSocket } from "node:tls";
import { UnderWay } from "../internal/index.js";
import { ByUse } from "./by-use.js";
import { Connections } from "./connections.js";
import type { HttpServer, Phase } from "./http-server.js";
import { formatListenAddress, parseListenAddress, type ListenAddress } from "./listen-address.js";
import { listenFault } from "./listen-fault.js";
import { createNodeServer, handshakeTimeoutMs, secureContextOptions } from "./node-server.js";
import type { ServerOptions, ServerTls } from "./server-options.js";

/** What {@link run} does with a server. */
export class ManagedServer implements HttpServer {
  readonly name: string;
  readonly #options: ServerOptions;
  readonly #address: ListenAddress;
  readonly #server: Server | HttpsServer;
  readonly #connections = new Connections();
  readonly #inFlight = new UnderWay<ServerResponse>();
  /** What requests may come on: the connection that has been without one for longest is the first. */
  readonly #byUse = new ByUse();
  #phase: Phase = "serving";
  #onIdle: (() => void) | undefined;
  #clientCa: string | undefined;
  /** Until when a handshake may have been made with other authorities than these, by `performance.now()`. */
  #outdatedUntilMs = -Infinity;
  readonly #securedAtMs = new WeakMap<Socket, number>();

  constructor(options: ServerOptions) {
    this.name = options.name;
    this.#options = options;
    this.#address = parseListenAddress(options.address);
    this.#clientCa = options.tls?.clientCa;
    this.#server = createNodeServer(options);
    if (this.#clientCa !== undefined) {
      this.#server.on("secureConnection", (socket: TLSSocket) => {
        this.#securedAtMs.set(socket, performance.now());
      });
    }
    this.#server.on("request", (request, response) => {
      this.#onRequest(request, response);
    });
    this.#server.on("connection", (socket: Socket) => {
      this.#connections.add(socket);
    });
    this.#server.on(options.tls === undefined ? "connection" : "secureConnection", (socket: Socket) => {
      this.#used(socket);
      this.#makeRoom();
      // Later, when the response whose turn it is has been told by Node.
      socket.once("close", () => {
        this.#byUse.gone(socket);
        setImmediate(() => {
          this.#closeWaiting(socket);
        });
      });
    });
  }

  get phase(): Phase {
    return this.#phase;
  }

  setTls(tls: ServerTls): void {
    if (!(this.#server instanceof HttpsServer)) throw new Error(`${this.name} serves without TLS`);
    if ((tls.clientCa === undefined) !== (this.#clientCa === undefined)) {
      throw new Error(`${this.name}: whether clients are asked for certificates is settled at its start`);
    }
    this.#server.setSecureContext(secureContextOptions(tls));
    if (tls.clientCa === this.#clientCa) return;
    this.#clientCa = tls.clientCa;
    this.#outdatedUntilMs = performance.now() + handshakeTimeoutMs(this.#options);
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
   * that it may retry than with a refused connection. Idle connections are left to their clients for the idle grace, which
   * `hurry` cuts short. Rejects when a request had to be cut off at `deadlineMs`.
   */
  async close(deadlineMs: number, hurry?: AbortSignal): Promise<void> {
    this.enter("closing");
    if (!this.#server.listening) return;
    let cut: Error | undefined;
    const timer = setTimeout(() => {
      cut = this.#cutOff(deadlineMs);
    }, deadlineMs);
    await Promise.all([this.#idle(), this.#clientsLeft(deadlineMs, hurry)]);
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    clearTimeout(timer);
    if (cut !== undefined) throw cut;
  }

  /** Resolves when no connection is left, or when the time to wait for that is over. */
  async #clientsLeft(deadlineMs: number, hurry?: AbortSignal): Promise<void> {
    // The last tenth is for the answers to requests that arrive at the very end of the grace.
    const graceMs = Math.min(this.#options.idleGraceMs ?? 0, deadlineMs * 0.9);
    if (graceMs === 0) return;
    const left = new AbortController();
    const signal = AbortSignal.any(hurry === undefined ? [left.signal] : [left.signal, hurry]);
    void this.#connections.gone().then(() => {
      left.abort();
    });
    await delay(graceMs, undefined, { signal }).catch(() => undefined);
  }

  #idle(): Promise<void> {
    if (this.#inFlight.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #cutOff(deadlineMs: number): Error | undefined {
    const left = this.#inFlight.size;
    // Not Node's closeAllConnections, which does not know one in the middle of its TLS handshake.
    this.#connections.destroy();
    if (left === 0) return undefined;
    return new Error(`${this.name}: ${left} request(s) unfinished after ${deadlineMs} ms were cut off`);
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    if (this.#phase !== "serving" || this.#isOutdated(request.socket)) askToLeave(response);
    if (this.#phase === "closing") {
      this.#refuse(request, response);
      return;
    }
    this.#used(request.socket);
    const place = this.#inFlight.begin(response);
    response.on("close", () => {
      this.#inFlight.end(place);
      if (this.#inFlight.size === 0) this.#onIdle?.();
    });
    try {
      this.#options.handler(request, response)?.catch((error: unknown) => {
        this.#failed(response, error);
      });
    } catch (error) {
      this.#failed(response, error);
    }
  }

  /** Whether its client may have been verified by authorities of before. */
  #isOutdated(socket: Socket): boolean {
    return (this.#securedAtMs.get(socket) ?? Infinity) < this.#outdatedUntilMs;
  }

  #used(socket: Socket): void {
    if (this.#options.maxConnections === undefined) return;
    this.#byUse.used(socket);
  }

  /** Each connection takes memory, also one that nobody uses: beyond the limit, the one that is idle for longest goes. */
  #makeRoom(): void {
    const { maxConnections = Infinity } = this.#options;
    if (this.#byUse.size <= maxConnections) return;
    const busy = new Set(Array.from(this.#inFlight, ({ req }) => req.socket));
    for (const socket of this.#byUse) {
      if (busy.has(socket)) continue;
      socket.destroy();
      return;
    }
  }

  /**
   * A connection may bring requests before the answers to earlier ones have left. When it closes, Node tells only the response
   * whose turn it is; without being told, the others would count as being answered for ever.
   */
  #closeWaiting(socket: Socket): void {
    for (const response of this.#inFlight) if (response.req.socket === socket) response.emit("close");
  }

  #failed(response: ServerResponse, error: unknown): void {
    this.#options.onHandlerError?.(error);
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { "content-type": "text/plain" }).end("internal error\n");
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

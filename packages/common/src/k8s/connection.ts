import { answerHead, chunksOf, wholeAnswer, type Reader } from "./answers.js";
import type { ClusterConfig, Credentials } from "./cluster-config.js";
import { startDeadline, type Deadline } from "./deadline.js";
import { errorCode, UnderWay } from "../internal/index.js";
import { asRequestError, RequestError } from "./request-error.js";
import type { RotatingPool } from "./rotating-pool.js";

/**
 * Limits of a connection; see {@link connect}.
 *
 * @example
 * ```ts
 * const options: ConnectOptions = { connections: 4, timeoutMs: 10_000, userAgent: "cocoon-webhook/1.0" };
 * const connection = await connect(await loadConfig(), options);
 * ```
 */
export interface ConnectOptions {
  /**
   * How many connections are open at most; requests beyond that wait for one, within their deadline.
   * @default 8
   */
  readonly connections?: number;
  /**
   * Deadline of a request that names none.
   * @default 30_000
   */
  readonly timeoutMs?: number;
  /**
   * How long the set-up of a connection, TLS included, may take.
   * @default 5_000
   */
  readonly connectTimeoutMs?: number;
  /**
   * Longest body of an answer.
   * @default 16_777_216 (16 MiB)
   */
  readonly maxBodyBytes?: number;
  /** @default "cocoon" */
  readonly userAgent?: string;
}

/**
 * The end of a request.
 *
 * @example
 * ```ts
 * const options: CallOptions = { timeoutMs: 2_000, signal };
 * const { body } = await connection.getJson("/version", options);
 * ```
 */
export interface CallOptions {
  /**
   * Deadline from the call to the last byte, waiting for a free connection included.
   * @default ConnectOptions.timeoutMs
   */
  readonly timeoutMs?: number | undefined;
  /** Ends the request early. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A request; see {@link ClusterConnection.request}.
 *
 * @example
 * ```ts
 * const request: ApiRequest = { method: "DELETE", path: "/api/v1/namespaces/shop/pods/demo-0" };
 * const { status } = await connection.request(request);
 * ```
 */
export interface ApiRequest extends CallOptions {
  /** @default "GET" */
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
  /** Path with query, from the server's root: `/api/v1/namespaces?limit=100`. */
  readonly path: string;
  readonly body?: string | undefined;
  /** @default "application/json", where there is a body */
  readonly contentType?: string | undefined;
  /** More headers, in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * An answer, whatever its status.
 *
 * @example
 * ```ts
 * const response: ApiResponse = await connection.request({ path: "/readyz" });
 * response.body.toString("utf8"); // "ok"
 * ```
 */
export interface ApiResponse {
  readonly status: number;
  /** Names in lower case; repeated headers joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * The beginning of an answer, whatever its status; see {@link ClusterConnection.stream}.
 *
 * @example
 * ```ts
 * const { status, chunks }: ApiStream = await connection.stream({ path: "/api/v1/namespaces?watch=true", signal });
 * let bytes = 0;
 * for await (const chunk of chunks) bytes += chunk.length;
 * ```
 */
export interface ApiStream {
  readonly status: number;
  /** Names in lower case; repeated headers joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The body as it arrives, to be read once. It holds a connection until it has been read, its loop is left, or the
   * request's signal is aborted: one of these has to happen.
   *
   * @throws {RequestError} when it breaks off.
   */
  readonly chunks: AsyncIterable<Buffer>;
}

/**
 * What {@link ClusterConnection.getJson} answers.
 *
 * @example
 * ```ts
 * const { status, body }: JsonResponse = await connection.getJson("/api/v1/namespaces/shop/pods/none");
 * const isMissing = status === 404; // true
 * ```
 */
export interface JsonResponse {
  readonly status: number;
  /** Parsed JSON; where the server answered a failure as plain text, that text. */
  readonly body: unknown;
}

/**
 * One pooled set of keep-alive connections to an API server, without a client-side rate limit.
 *
 * @example
 * ```ts
 * const isReady = async (api: ClusterConnection): Promise<boolean> =>
 *   (await api.request({ path: "/readyz", timeoutMs: 1_000 })).status === 200;
 * await isReady(connection); // true
 * ```
 */
export interface ClusterConnection {
  /** Base URL of the API server. */
  readonly server: string;
  /**
   * The JSON at `path`.
   *
   * @throws {RequestError} when there is no usable answer.
   *
   * @example
   * ```ts
   * const { body } = await connection.getJson("/apis/apps/v1/namespaces/shop/deployments/web", { timeoutMs: 2_000 });
   * ```
   */
  getJson(path: string, options?: CallOptions): Promise<JsonResponse>;
  /**
   * Any other request. The answer is read to its end, so this is not for watches: see {@link ClusterConnection.stream}.
   *
   * @throws {RequestError} when there is no usable answer.
   */
  request(request: ApiRequest): Promise<ApiResponse>;
  /**
   * A request whose answer is read as it comes, for watches and logs. The deadline ends with the answer's head; what comes then
   * may take, and may be, as long as the server likes, and silence is for the caller to notice. Streams have connections of
   * their own, so that they keep no other request waiting.
   *
   * @throws {RequestError} when there is no usable answer.
   *
   * @example
   * ```ts
   * const { status, chunks } = await connection.stream({ path: "/api/v1/namespaces/shop/pods/demo-0/log?follow=true", signal });
   * if (status === 200) for await (const chunk of chunks) process.stdout.write(chunk);
   * ```
   */
  stream(request: ApiRequest): Promise<ApiStream>;
  /** Refuses new requests, lets those under way finish (each has its deadline), cuts streams and closes all connections. */
  close(): Promise<void>;
}

/**
 * Prepares the connections to the cluster of `config`. None is opened yet, but credentials are read, so what is missing or
 * broken shows at start-up.
 *
 * Tokens and certificates that change on disk are picked up. A 401 makes it read credentials again and repeat the request
 * once; a GET that fell on a connection which the server was just closing is repeated once, too.
 *
 * @throws {ConfigError} when there are no usable credentials.
 * @throws {TypeError} when the configuration's server is no URL, which one of {@link loadConfig} is.
 *
 * @example
 * ```ts
 * const connection = await connect(await loadConfig(), { userAgent: "cocoon-webhook/1.0" });
 * const { body } = await connection.getJson("/version");
 * await connection.close();
 * ```
 */
export async function connect(
  config: ClusterConfig,
  options: ConnectOptions = {},
): Promise<ClusterConnection> {
  const { origin, pathname } = new URL(config.server);
  // Loaded when there is something to connect to: undici takes longer than all the rest of this folder.
  const { RotatingPool } = await import("./rotating-pool.js");
  const pool = new RotatingPool({
    origin,
    verify: config.verify,
    connections: options.connections ?? 8,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    maxBodyBytes: options.maxBodyBytes ?? 16 * 2 ** 20,
  });
  pool.for((await config.credentials()).tls);
  return new PooledConnection(config, pool, {
    prefix: pathname.replace(/\/$/, ""),
    timeoutMs: options.timeoutMs ?? 30_000,
    userAgent: options.userAgent ?? "cocoon",
  });
}

interface Settings {
  readonly prefix: string;
  readonly timeoutMs: number;
  readonly userAgent: string;
}

class PooledConnection implements ClusterConnection {
  readonly server: string;
  readonly #config: ClusterConfig;
  readonly #pool: RotatingPool;
  readonly #settings: Settings;
  readonly #inFlight = new UnderWay<Promise<unknown>>();
  readonly #streams = new UnderWay<Deadline>();
  #closed = false;

  constructor(config: ClusterConfig, pool: RotatingPool, settings: Settings) {
    this.server = config.server;
    this.#config = config;
    this.#pool = pool;
    this.#settings = settings;
  }

  async getJson(path: string, options: CallOptions = {}): Promise<JsonResponse> {
    const { status, body } = await this.request({ ...options, path });
    const text = body.toString("utf8");
    try {
      return { status, body: JSON.parse(text) as unknown };
    } catch (cause) {
      if (status >= 400) return { status, body: text };
      throw new RequestError("malformed", `GET ${path}: the answer (status ${status}) is not JSON`, {
        cause,
      });
    }
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    const { what, deadline } = this.#begin(request);
    try {
      return await this.#finish(what, deadline, this.#authenticated(request, deadline, wholeAnswer));
    } finally {
      deadline.stop();
    }
  }

  async stream(request: ApiRequest): Promise<ApiStream> {
    const { what, deadline } = this.#begin(request);
    const place = this.#streams.begin(deadline);
    const done = (): void => {
      this.#streams.end(place);
      deadline.stop();
    };
    try {
      const head = this.#authenticated(request, deadline, answerHead);
      const { body, ...rest } = await this.#finish(what, deadline, head);
      deadline.lift();
      body.once("close", done);
      return { ...rest, chunks: chunksOf(what, deadline, body) };
    } catch (error) {
      done();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stream of this.#streams) {
      stream.end(new RequestError("closed", "the stream was cut, because its connection is being closed"));
    }
    await Promise.allSettled(this.#inFlight);
    await this.#pool.destroy();
  }

  #begin(request: ApiRequest): { readonly what: string; readonly deadline: Deadline } {
    const what = `${request.method ?? "GET"} ${request.path}`;
    if (this.#closed) throw new RequestError("closed", `${what}: the connection is closed`);
    return {
      what,
      deadline: startDeadline(what, request.timeoutMs ?? this.#settings.timeoutMs, request.signal),
    };
  }

  /** Waits for `work`, but not beyond the deadline: the pool looks at the signal only once it has a connection. */
  async #finish<T>(what: string, deadline: Deadline, work: Promise<T>): Promise<T> {
    const answer = deadline.race(work);
    const place = this.#inFlight.begin(answer);
    try {
      return await answer;
    } catch (error) {
      throw asRequestError(what, deadline.signal.aborted ? deadline.signal.reason : error);
    } finally {
      this.#inFlight.end(place);
    }
  }

  async #authenticated<T extends { readonly status: number }>(
    request: ApiRequest,
    deadline: Deadline,
    reader: Reader<T>,
  ): Promise<T> {
    const credentials = await this.#config.credentials();
    const answer = await this.#repeatable(request, credentials, deadline, reader);
    if (answer.status !== 401) return answer;
    this.#config.forget(credentials);
    const renewed = await this.#config.credentials();
    if (renewed === credentials) return answer;
    await reader.drop(answer);
    return this.#repeatable(request, renewed, deadline, reader);
  }

  async #repeatable<T>(
    request: ApiRequest,
    credentials: Credentials,
    deadline: Deadline,
    reader: Reader<T>,
  ): Promise<T> {
    try {
      return await this.#send(request, credentials, deadline, reader);
    } catch (error) {
      if (deadline.signal.aborted || !mayRepeat(request, error)) throw error;
      return this.#send(request, credentials, deadline, reader);
    }
  }

  async #send<T>(
    request: ApiRequest,
    credentials: Credentials,
    { signal }: Deadline,
    { use, read }: Reader<T>,
  ): Promise<T> {
    const { method = "GET", body = null } = request;
    const answer = await this.#pool.for(credentials.tls)[use].request({
      method,
      path: this.#settings.prefix + request.path,
      body,
      signal,
      headers: {
        accept: "application/json",
        "user-agent": this.#settings.userAgent,
        ...(body !== null && { "content-type": request.contentType ?? "application/json" }),
        ...request.headers,
        ...credentials.headers,
      },
    });
    return read(answer);
  }
}

/** Whether the request certainly changed nothing and failed because a kept connection was just being closed. */
function mayRepeat({ method = "GET" }: ApiRequest, error: unknown): boolean {
  const cut = ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"].includes(errorCode(error) ?? "");
  return cut && (method === "GET" || method === "HEAD");
}

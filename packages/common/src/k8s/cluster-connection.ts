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

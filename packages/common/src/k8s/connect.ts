import type { ClusterConfig } from "./cluster-config.js";
import type { ClusterConnection } from "./cluster-connection.js";
import { PooledConnection } from "./pooled-connection.js";

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

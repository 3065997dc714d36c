import { setMaxListeners } from "node:events";
import { createSecureContext, type SecureContext } from "node:tls";
import { Pool } from "undici";
import { sameTls } from "./assemble-config.js";
import type { ClientTls, ServerVerification } from "./cluster-config.js";
import { ConfigError } from "./config-error.js";
import { RequestError } from "./request-error.js";

/** What a {@link RotatingPool} needs to connect. */
export interface PoolOptions {
  readonly origin: string;
  readonly verify: ServerVerification;
  readonly connections: number;
  readonly connectTimeoutMs: number;
  readonly maxBodyBytes: number;
}

/** The API server closes idle connections after 90 s (`http.Server.IdleTimeout`): let go of them before. */
const keepAliveMs = 60_000;
/** A silent connection is probed, so that one through a vanished load balancer does not stay in the pool. */
const probeAfterMs = 15_000;

/**
 * A pool of keep-alive connections that is replaced when certificates change. The old one finishes what it has under way
 * and goes. New certificates that don't fit together (a rotation caught half-way) are passed over until they do.
 */
export class RotatingPool {
  readonly #options: PoolOptions;
  readonly #retired = new Set<Pool>();
  #current: { readonly pool: Pool; readonly tls: ClientTls } | undefined;
  #unusable: ClientTls | undefined;
  /** Ends sockets: undici leaves one alone that is still connecting, and it would hold up the process. */
  readonly #end = new AbortController();

  constructor(options: PoolOptions) {
    this.#options = options;
    setMaxListeners(0, this.#end.signal); // one for each open socket
  }

  /**
   * The pool whose connections use `tls`.
   *
   * @throws {ConfigError} when there is none and `tls` is unusable.
   * @throws {RequestError} after {@link destroy}.
   */
  for(tls: ClientTls): Pool {
    if (this.#end.signal.aborted) throw new RequestError("closed", "the connection is closed");
    const known = [this.#current?.tls, this.#unusable].some(
      (other) => other !== undefined && sameTls(tls, other),
    );
    if (this.#current !== undefined && known) return this.#current.pool;
    try {
      return this.#replace(tls);
    } catch (cause) {
      if (this.#current === undefined) {
        throw new ConfigError(
          "the client certificate, its key and the CA are no usable PEM, or do not fit together",
          { cause },
        );
      }
      this.#unusable = tls;
      return this.#current.pool;
    }
  }

  /** Cuts every connection, also those of pools that were replaced before. */
  async destroy(): Promise<void> {
    this.#end.abort();
    const pools = [...this.#retired, ...(this.#current === undefined ? [] : [this.#current.pool])];
    this.#current = undefined;
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #replace(tls: ClientTls): Pool {
    const secureContext = createSecureContext({ ca: tls.ca, cert: tls.cert, key: tls.key });
    const pool = this.#open(secureContext);
    this.#retire();
    this.#current = { pool, tls };
    return pool;
  }

  #open(secureContext: SecureContext): Pool {
    const { origin, verify, connections, connectTimeoutMs, maxBodyBytes } = this.#options;
    return new Pool(origin, {
      connections,
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      maxResponseSize: maxBodyBytes,
      // Each request has its own deadline, which is exact; the pool's timers tick once a second.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        secureContext,
        rejectUnauthorized: !verify.skip,
        timeout: connectTimeoutMs,
        signal: this.#end.signal,
        keepAliveInitialDelay: probeAfterMs,
        ...(verify.serverName !== undefined && { servername: verify.serverName }),
      },
    });
  }

  #retire(): void {
    if (this.#current === undefined) return;
    const { pool } = this.#current;
    this.#current = undefined;
    this.#retired.add(pool);
    void pool
      .close()
      .catch(() => undefined)
      .finally(() => this.#retired.delete(pool));
  }
}

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

/** What connections are for: answers of bounded length, or streams such as watches. */
export type PoolUse = "requests" | "streams";

/**
 * Streams have a pool of their own: each holds its connection for minutes, and neither their number nor their length is
 * bounded. A pool opens no connection before it is used.
 */
export type Pools = Readonly<Record<PoolUse, Pool>>;

/** The API server closes idle connections after 90 s (`http.Server.IdleTimeout`): let go of them before. */
const keepAliveMs = 60_000;
/** A silent connection is probed, so that one through a vanished load balancer does not stay in the pool. */
const probeAfterMs = 15_000;

/**
 * Pools of keep-alive connections that are replaced when certificates change. The old ones finish what they have under way
 * and go. New certificates that don't fit together (a rotation caught half-way) are passed over until they do.
 */
export class RotatingPool {
  readonly #options: PoolOptions;
  readonly #retired = new Set<Pools>();
  #current: { readonly pools: Pools; readonly tls: ClientTls } | undefined;
  #unusable: ClientTls | undefined;
  /** Ends sockets: undici leaves one alone that is still connecting, and it would hold up the process. */
  readonly #end = new AbortController();

  constructor(options: PoolOptions) {
    this.#options = options;
    setMaxListeners(0, this.#end.signal); // one for each open socket
  }

  /**
   * The pools whose connections use `tls`.
   *
   * @throws {ConfigError} when there is none and `tls` is unusable.
   * @throws {RequestError} after {@link destroy}.
   */
  for(tls: ClientTls): Pools {
    if (this.#end.signal.aborted) throw new RequestError("closed", "the connection is closed");
    const known = [this.#current?.tls, this.#unusable].some(
      (other) => other !== undefined && sameTls(tls, other),
    );
    if (this.#current !== undefined && known) return this.#current.pools;
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
      return this.#current.pools;
    }
  }

  /** Cuts every connection, also those of pools that were replaced before. */
  async destroy(): Promise<void> {
    this.#end.abort();
    const all = [...this.#retired, ...(this.#current === undefined ? [] : [this.#current.pools])];
    this.#current = undefined;
    await Promise.all(all.flatMap(({ requests, streams }) => [requests.destroy(), streams.destroy()]));
  }

  #replace(tls: ClientTls): Pools {
    const secureContext = createSecureContext({ ca: tls.ca, cert: tls.cert, key: tls.key });
    const { connections, maxBodyBytes } = this.#options;
    const pools = {
      requests: this.#open(secureContext, { connections, maxResponseSize: maxBodyBytes }),
      streams: this.#open(secureContext, {}),
    };
    this.#retire();
    this.#current = { pools, tls };
    return pools;
  }

  #open(secureContext: SecureContext, limits: Pick<Pool.Options, "connections" | "maxResponseSize">): Pool {
    const { origin, verify, connectTimeoutMs } = this.#options;
    return new Pool(origin, {
      ...limits,
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
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
    const { pools } = this.#current;
    this.#current = undefined;
    this.#retired.add(pools);
    void Promise.allSettled([pools.requests.close(), pools.streams.close()]).then(() =>
      this.#retired.delete(pools),
    );
  }
}

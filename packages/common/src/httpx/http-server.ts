import type { ServerTls } from "./server-options.js";

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
   * Uses another certificate, and other `clientCa`, for new connections. Where `clientCa` changes, clients are asked to
   * leave the older ones with the next answer, because those were verified by authorities that may be gone.
   *
   * @throws {Error} when it is unusable (the old one stays), without TLS, or to begin or end asking clients for certificates.
   */
  setTls(tls: ServerTls): void;
}

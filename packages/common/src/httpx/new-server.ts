import type { HttpServer } from "./http-server.js";
import { ManagedServer } from "./managed-server.js";
import type { ServerOptions } from "./server-options.js";

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

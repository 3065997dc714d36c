import { constants } from "node:crypto";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import type { SecureContextOptions } from "node:tls";
import type { ServerOptions, ServerTls } from "./server-options.js";

/** How often Node looks for requests that are too slow; its default of 30 s would make a limit of 10 s mean up to 40. */
const timeoutCheckMs = 1_000;

const defaultHeadersTimeoutMs = 10_000;

/** Node's server with the limits of `options`; nobody answers its requests yet. */
export function createNodeServer(options: ServerOptions): Server | HttpsServer {
  const headersTimeout = options.headersTimeoutMs ?? defaultHeadersTimeoutMs;
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
    // A server that lets connections wait for their first request need not wait as long for a handshake.
    handshakeTimeout: handshakeTimeoutMs(options),
    requestCert: options.tls.clientCa !== undefined,
    // Whoever comes without one is told why, by HTTP.
    rejectUnauthorized: false,
    ALPNProtocols: ["http/1.1"],
  });
}

/** How long a handshake may take. */
export const handshakeTimeoutMs = ({ headersTimeoutMs = defaultHeadersTimeoutMs }: ServerOptions): number =>
  Math.min(headersTimeoutMs, defaultHeadersTimeoutMs);

/**
 * A pair as Node takes it. An empty `ca` says that nobody is verified by it: without one, Node reads all the
 * roots that it brings, which takes as long as its own start.
 */
export const secureContextOptions = ({ cert, key, clientCa }: ServerTls): SecureContextOptions => ({
  cert,
  key,
  ca: clientCa ?? [],
  minVersion: "TLSv1.2",
  // No client of ours asks for a new negotiation, and each costs a server as much as a new connection that no limit counts. A resumed
  // session is as verified as its first connection was, even by authorities that are not trusted any more; and Node takes one
  // of TLS 1.3 for verified where the client never had a certificate.
  secureOptions:
    constants.SSL_OP_NO_RENEGOTIATION | (clientCa === undefined ? 0 : constants.SSL_OP_NO_TICKET),
});

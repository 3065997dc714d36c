/**
 * HTTP servers that start and stop together.
 *
 * @module
 */
export {
  formatListenAddress,
  ListenAddressError,
  parseListenAddress,
  type ListenAddress,
} from "./listen-address.js";
export { ListenError } from "./listen-fault.js";
export type { HttpServer, Phase } from "./http-server.js";
export { newServer } from "./new-server.js";
export { run, type RunOptions } from "./run.js";
export type { Handler, ServerOptions, ServerTls } from "./server-options.js";
export { type ClientFault, verifiedClient, type VerifiedClient } from "./verified-client.js";

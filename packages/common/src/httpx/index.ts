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
export { run, type RunOptions } from "./run.js";
export {
  newServer,
  type Handler,
  type HttpServer,
  type Phase,
  type ServerOptions,
  type ServerTls,
} from "./server.js";

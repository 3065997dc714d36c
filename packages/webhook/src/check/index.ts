/**
 * The webhook's verdict on manifests, before they reach a cluster: each becomes the request that an API server would send,
 * and the same policies are asked. Nothing here reads files or prints.
 *
 * @module
 */
export { check, type CheckOptions } from "./check.js";
export type { Finding } from "./finding.js";
export { namespaceFaults } from "./object-names.js";

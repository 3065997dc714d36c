/** Leader election on a Lease. */
export type { ElectionObserver, ElectionOptions } from "./election-options.js";
export { LeaseLostError } from "./lease-lost-error.js";
export { runAsLeader } from "./run-as-leader.js";
export type { Leadership } from "./term.js";

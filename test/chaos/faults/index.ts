import { apiServerFaults } from "./api-server.js";
import { certificateFaults } from "./certificates.js";
import type { Fault } from "./fault.js";
import { processFaults } from "./process.js";

/** Every fault, in the order of the table. */
export const faults: readonly Fault[] = [...apiServerFaults, ...certificateFaults, ...processFaults];
export type { Fault, Outcome } from "./fault.js";

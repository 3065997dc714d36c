/** A backend whose VMs are records, and the faults that it can be made to have. */
export { FaultBoard } from "./fault-board.js";
export { type FaultRules, type Faults, parseFaults } from "./faults.js";
export { recordsIn } from "./records.js";
export { SimulatedBackend, type SimulatedBackendOptions } from "./simulated-backend.js";

/**
 * From a CocoonSet, its pods, and what else was observed, to what to do next and what to say.
 *
 * @module
 */
export type { SetObservation } from "./context.js";
export { type Claimant, type TakenVMNames, takenVMNames, vmNamesOf } from "../pods/index.js";
export { claimantOf } from "./claimant.js";
export { planCocoonSet } from "./plan-cocoonset.js";
export { podsOf, type PodsOfSet } from "./pods-of.js";

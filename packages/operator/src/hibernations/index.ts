/**
 * From a CocoonHibernation, and what else was observed, to what to do next and what to say.
 *
 * @module
 */
export type { HibernationObservation } from "./context.js";
export { planHibernation } from "./plan-hibernation.js";

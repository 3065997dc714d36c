/**
 * From keys that want attention to rounds of observing, planning and acting.
 *
 * @module
 */
export { Controller, type ControllerObserver, type ControllerOptions } from "./controller.js";
export { Observer } from "./observer.js";
export type { Planned } from "./round.js";
export { StaleRoundError } from "./round-errors.js";

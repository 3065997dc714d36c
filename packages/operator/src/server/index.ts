/**
 * The running operator: informers, election, workers, probes, metrics, and the order of its end.
 *
 * @module
 */
export type { RegistryCall } from "./metrics.js";
export { type OpenRegistry, type OperatorOptions, runOperator } from "./run-operator.js";

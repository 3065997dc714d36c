/**
 * From an admission review to its answer: which policy an endpoint asks, and how its decision is answered, counted and
 * logged.
 *
 * @module
 */
export { admit, type Observers } from "./admit.js";
export type { DecisionRecord } from "./decision-record.js";
export { type Endpoint, endpointsOf, type Facts } from "./endpoints.js";
export { AdmissionMetrics } from "./metrics.js";

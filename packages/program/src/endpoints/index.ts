/**
 * What a running program answers besides its work: probes and metrics.
 *
 * @module
 */
export { metricsServer } from "./metrics-server.js";
export { processMetrics } from "./process-metrics.js";
export { type ReadinessCheck, reportReadiness } from "./readiness.js";
export { readinessLog } from "./readiness-log.js";
export { repeat } from "./repeat.js";
export { healthz, readOnly, readyz, type Route, router, sendText } from "./routes.js";

import { collectDefaultMetrics, Gauge, type Registry } from "prom-client";

/**
 * How often the event loop is looked at. It is what the metrics of its lag show at rest, and waking up for it is most of what a
 * process costs that has nothing to do: at prom-client's 10 ms, 0.7 % of a core.
 */
const loopWatchMs = 20;

/**
 * Metrics about the process itself: its build, CPU, memory, event loop.
 *
 * @param prefix What the names of our own begin with, such as `cocoon_webhook`.
 */
export function processMetrics(
  registry: Registry,
  prefix: string,
  { version, commit }: { readonly version: string; readonly commit: string },
): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: loopWatchMs });
  new Gauge({
    name: `${prefix}_build_info`,
    help: "Always 1; the labels say what runs.",
    labelNames: ["version", "commit", "node_version"],
    registers: [registry],
  }).set({ version, commit, node_version: process.versions.node }, 1);
}

import { collectDefaultMetrics, Gauge, type Registry } from "prom-client";

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
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: `${prefix}_build_info`,
    help: "Always 1; the labels say what runs.",
    labelNames: ["version", "commit", "node_version"],
    registers: [registry],
  }).set({ version, commit, node_version: process.versions.node }, 1);
}

/** How often an operator looked at its objects, and for how long altogether. */
export interface Passes {
  readonly count: number;
  readonly seconds: number;
}

/** Histograms of passes: of our operator, and of whatever stands on controller-runtime. */
const histograms = [
  "cocoon_operator_reconcile_duration_seconds",
  "controller_runtime_reconcile_time_seconds",
];

/**
 * Reads from what an operator tells Prometheus how often it has looked; NaN where it does not say.
 *
 * @example
 * passesIn('controller_runtime_reconcile_time_seconds_count{controller="cocoonset"} 21\n').count; // 21
 */
export function passesIn(metrics: string): Passes {
  return { count: sumOf(metrics, "count"), seconds: sumOf(metrics, "sum") };
}

function sumOf(metrics: string, part: "count" | "sum"): number {
  const names = histograms.map((name) => `${name}_${part}`);
  const values = metrics
    .split("\n")
    .filter((line) => names.some((name) => line.startsWith(`${name}{`) || line.startsWith(`${name} `)))
    .map((line) => Number(line.slice(line.lastIndexOf(" ") + 1)));
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0);
}

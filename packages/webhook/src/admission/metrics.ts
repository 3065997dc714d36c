import type { ProtocolFault } from "@cocoonstack/common/k8s/admission";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Decision } from "../policy/index.js";

/** Admission is answered within a few milliseconds, or waits for the API server up to its own time-out. */
const durationBucketsSeconds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** Why a request is refused before it is a review. */
type RefusalCause = ProtocolFault | "client";

/** All causes; as a record, so that the compiler misses none. */
const refusalCauses: Readonly<Record<RefusalCause, true>> = {
  method: true,
  "content-type": true,
  "content-encoding": true,
  malformed: true,
  "too-large": true,
  "too-slow": true,
  aborted: true,
  overload: true,
  client: true,
};

/** The admission metrics, registered in `registry`. */
export class AdmissionMetrics {
  readonly #decisions;
  readonly #duration;
  readonly #inFlight;
  readonly #refused;
  readonly #parentFetch;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#decisions = new Counter({
      name: "cocoon_webhook_admission_total",
      help: "Admission reviews decided, by handler, result (allow, deny, error, skipped) and reason.",
      labelNames: ["handler", "result", "reason"],
      registers,
    });
    this.#duration = new Histogram({
      name: "cocoon_webhook_admission_duration_seconds",
      help: "Time from a request's headers to its decision, by handler.",
      labelNames: ["handler"],
      buckets: durationBucketsSeconds,
      registers,
    });
    this.#inFlight = new Gauge({
      name: "cocoon_webhook_admission_in_flight",
      help: "Admission reviews that are being decided.",
      registers,
    });
    this.#refused = new Counter({
      name: "cocoon_webhook_refused_requests_total",
      help: "Requests refused because they are no admission review, by cause.",
      labelNames: ["cause"],
      registers,
    });
    // From zero, or an alert on the rate would miss the first of each: a series that begins at 1 has not risen.
    for (const cause of Object.keys(refusalCauses)) this.#refused.inc({ cause }, 0);
    this.#parentFetch = new Histogram({
      name: "cocoon_webhook_parent_fetch_duration_seconds",
      help: "Time to read the workload behind a scale request, by result (found, not-found, unavailable).",
      labelNames: ["result"],
      buckets: durationBucketsSeconds,
      registers,
    });
  }

  /** A handler begins to decide. */
  begin(): void {
    this.#inFlight.inc();
  }

  /** It has decided, `durationMs` after the request's headers. */
  end(handler: string, decision: Decision, durationMs: number): void {
    const result = decision.outcome === "skip" ? "skipped" : decision.outcome;
    this.#inFlight.dec();
    this.#decisions.inc({ handler, result, reason: decision.reason });
    this.#duration.observe({ handler }, durationMs / 1000);
  }

  /** A request was no admission review. */
  refused(cause: RefusalCause): void {
    this.#refused.inc({ cause });
  }

  /** A parent was asked for. */
  parentFetched(result: string, durationMs: number): void {
    this.#parentFetch.observe({ result }, durationMs / 1000);
  }
}

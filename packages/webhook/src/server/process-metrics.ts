import { collectDefaultMetrics, Gauge, type Registry } from "prom-client";
import type { ServingCertificate } from "./certificate.js";

/** What runs, for the log and the metrics. */
export interface BuildInfo {
  readonly version: string;
  readonly commit: string;
}

/** Metrics about the process itself: build, certificate, CPU, memory, event loop. */
export class ProcessMetrics {
  readonly #certificateExpiry;

  constructor(registry: Registry, { version, commit }: BuildInfo) {
    const registers = [registry];
    collectDefaultMetrics({ register: registry });
    new Gauge({
      name: "cocoon_webhook_build_info",
      help: "Always 1; the labels say what runs.",
      labelNames: ["version", "commit", "node_version"],
      registers,
    }).set({ version, commit, node_version: process.versions.node }, 1);
    this.#certificateExpiry = new Gauge({
      name: "cocoon_webhook_certificate_expiry_timestamp_seconds",
      help: "When the serving certificate expires, in seconds since the epoch.",
      registers,
    });
  }

  /** Another certificate is served. */
  certificate({ notAfter }: Pick<ServingCertificate, "notAfter">): void {
    this.#certificateExpiry.set(notAfter.getTime() / 1000);
  }
}

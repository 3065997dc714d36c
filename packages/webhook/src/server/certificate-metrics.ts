import { Gauge, type Registry } from "prom-client";
import type { ServingCertificate } from "./certificate.js";

/** What is measured of the serving certificate. */
export class CertificateMetrics {
  readonly #expiry;

  constructor(registry: Registry) {
    this.#expiry = new Gauge({
      name: "cocoon_webhook_certificate_expiry_timestamp_seconds",
      help: "When the serving certificate expires, in seconds since the epoch.",
      registers: [registry],
    });
  }

  /** Another certificate is served. */
  certificate({ notAfter }: Pick<ServingCertificate, "notAfter">): void {
    this.#expiry.set(notAfter.getTime() / 1000);
  }
}

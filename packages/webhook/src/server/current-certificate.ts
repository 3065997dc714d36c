import { type ServingCertificate, validityFault } from "./certificate.js";
import type { ReadinessCheck } from "./readiness.js";

/** The certificate that is being served, and whether it is in date: that is what makes the webhook ready. */
export class CurrentCertificate implements ReadinessCheck {
  readonly name = "certificate";
  #certificate: ServingCertificate;

  constructor(certificate: ServingCertificate) {
    this.#certificate = certificate;
  }

  /** Another one is served from now on. */
  replace(certificate: ServingCertificate): void {
    this.#certificate = certificate;
  }

  readonly fault = (): string | undefined => validityFault(this.#certificate, new Date());
}

import type { Logger } from "@cocoonstack/common/log";
import { type ServingCertificate, validityFault } from "./certificate.js";
import type { ReadinessCheck } from "@cocoonstack/program/endpoints";

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

  /**
   * Gives a function that warns, when it is called from time to time and at most twice a day, of a certificate that nobody
   * has renewed: with less than 30 days left, or less than a third of a shorter life.
   */
  expiryLog(log: Logger): () => Promise<void> {
    let warnedAtMs = -Infinity;
    return () => {
      const { notBefore, notAfter } = this.#certificate;
      const leftMs = notAfter.getTime() - Date.now();
      const isOverdue = leftMs < Math.min(30 * dayMs, (notAfter.getTime() - notBefore.getTime()) / 3);
      if (isOverdue && performance.now() - warnedAtMs > dayMs / 2) {
        warnedAtMs = performance.now();
        log.warn({ notAfter }, "the serving certificate expires soon, and no newer one is there");
      }
      return Promise.resolve();
    };
  }
}

const dayMs = 24 * 60 * 60 * 1000;

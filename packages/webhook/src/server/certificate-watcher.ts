import { isDeepStrictEqual } from "node:util";
import type { CertificateEvents } from "./certificate-renewal.js";
import {
  type CertificateFiles,
  type CertificateTexts,
  checkTexts,
  readTexts,
  validityFault,
} from "./certificate.js";

/**
 * Looks at the files from time to time. It reads them instead of watching them: kubelet swaps a symlink two levels up,
 * which file watchers miss, and two small reads cost nothing. A rotation writes two files, so a state is judged only when
 * it was the same twice in a row.
 */
export class CertificateWatcher {
  readonly #files: CertificateFiles;
  readonly #events: CertificateEvents;
  #served: CertificateTexts;
  #seen: CertificateTexts | Error;
  #reported = "";

  constructor(files: CertificateFiles, { certPem, keyPem }: CertificateTexts, events: CertificateEvents) {
    this.#files = files;
    this.#events = events;
    this.#served = { certPem, keyPem };
    this.#seen = this.#served;
  }

  /** Looks once. Never rejects. */
  async look(): Promise<void> {
    const state = await readTexts(this.#files).catch(asError);
    const settled = sameState(state, this.#seen);
    this.#seen = state;
    if (!settled) return;
    if (state instanceof Error) this.#report(state);
    else if (isDeepStrictEqual(state, this.#served)) this.#reported = "";
    else this.#judge(state);
  }

  /** Judged anew at each look while it is not served: a pair that is not valid yet becomes so. */
  #judge(texts: CertificateTexts): void {
    try {
      const certificate = checkTexts(texts, this.#files);
      const fault = validityFault(certificate, new Date());
      if (fault !== undefined) throw new Error(`${this.#files.certFile}: ${fault}`);
      this.#events.onChange(certificate);
      this.#served = texts;
      this.#reported = "";
    } catch (error) {
      this.#report(asError(error));
    }
  }

  #report(error: Error): void {
    if (error.message === this.#reported) return;
    this.#reported = error.message;
    this.#events.onBroken(error);
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const sameState = (a: CertificateTexts | Error, b: CertificateTexts | Error): boolean =>
  a instanceof Error && b instanceof Error ? a.message === b.message : isDeepStrictEqual(a, b);

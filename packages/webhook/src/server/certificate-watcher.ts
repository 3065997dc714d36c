import { isDeepStrictEqual } from "node:util";
import {
  type CertificateFiles,
  type CertificateTexts,
  checkTexts,
  readTexts,
  type ServingCertificate,
} from "./certificate.js";

/** What a watcher tells. */
export interface CertificateEvents {
  /** A new pair is there, and can be served. */
  readonly onChange: (certificate: ServingCertificate) => void;
  /** What is there now cannot be served; told once for each such state. The pair served so far stays. */
  readonly onBroken: (error: Error) => void;
}

/**
 * Looks at the files from time to time. It reads them instead of watching them: kubelet swaps a symlink two levels up,
 * which file watchers miss, and two small reads cost nothing. A rotation writes two files, so a state is judged only when
 * it was the same twice in a row.
 */
export class CertificateWatcher {
  readonly #files: CertificateFiles;
  readonly #events: CertificateEvents;
  #served: CertificateTexts;
  #seen: CertificateTexts | string;
  #judged: CertificateTexts | string;

  constructor(files: CertificateFiles, served: CertificateTexts, events: CertificateEvents) {
    this.#files = files;
    this.#events = events;
    this.#served = textsOf(served);
    this.#seen = this.#served;
    this.#judged = this.#served;
  }

  /** Looks once. Never rejects. */
  async look(): Promise<void> {
    let error: Error | undefined;
    const state = await readTexts(this.#files).catch((thrown: unknown) => {
      error = thrown instanceof Error ? thrown : new Error(String(thrown));
      return error.message;
    });
    const settled = isDeepStrictEqual(state, this.#seen);
    this.#seen = state;
    if (!settled || isDeepStrictEqual(state, this.#judged)) return;
    this.#judged = state;
    if (error !== undefined) this.#events.onBroken(error);
    else if (typeof state !== "string") this.#judge(state);
  }

  #judge(texts: CertificateTexts): void {
    if (isDeepStrictEqual(texts, this.#served)) return;
    try {
      const certificate = checkTexts(texts, this.#files);
      this.#events.onChange(certificate);
      this.#served = texts;
    } catch (error) {
      this.#events.onBroken(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

const textsOf = ({ certPem, keyPem }: CertificateTexts): CertificateTexts => ({ certPem, keyPem });

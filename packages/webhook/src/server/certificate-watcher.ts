import type { CertificateEvents } from "./certificate-renewal.js";
import {
  type CertificateFiles,
  type CertificateTexts,
  checkTexts,
  readTexts,
  validityFault,
} from "./certificate.js";
import { FileWatcher } from "./file-watcher.js";

/** Looks for a newer pair in the files. A pair that is not valid yet becomes so, and is served then. */
export class CertificateWatcher extends FileWatcher<CertificateTexts> {
  constructor(files: CertificateFiles, { certPem, keyPem }: CertificateTexts, events: CertificateEvents) {
    const use = (texts: CertificateTexts): void => {
      const certificate = checkTexts(texts, files);
      const fault = validityFault(certificate, new Date());
      if (fault !== undefined) throw new Error(`${files.certFile}: ${fault}`);
      events.onChange(certificate);
    };
    super({ read: () => readTexts(files), use, onBroken: events.onBroken }, { certPem, keyPem });
  }
}

import { X509Certificate } from "node:crypto";
import { FileWatcher } from "./file-watcher.js";
import { CertificateError, readPem } from "./pem-file.js";

/** What is told of newer authorities. */
export interface AuthorityEvents {
  /** Other authorities stand in the file, in PEM. */
  readonly onChange: (pem: string) => void;
  /** What stands there now is of no use; told once for each reason. The authorities used so far stay. */
  readonly onBroken: (error: Error) => void;
}

/** The certificate authorities of those who may ask, in a file. */
export class ClientAuthorities {
  readonly pem: string;
  readonly #file: string;

  private constructor(file: string, pem: string) {
    this.#file = file;
    this.pem = pem;
  }

  /**
   * Reads them.
   *
   * @throws {CertificateError} when the file cannot be read, or holds no authority that is in date.
   */
  static async read(file: string): Promise<ClientAuthorities> {
    const pem = await read(file);
    check(pem, file);
    return new ClientAuthorities(file, pem);
  }

  /** Something that looks for newer ones when it is told to. */
  watch({ onChange, onBroken }: AuthorityEvents): FileWatcher<string> {
    const file = this.#file;
    const use = (pem: string): void => {
      check(pem, file);
      onChange(pem);
    };
    return new FileWatcher({ read: () => read(file), use, onBroken }, this.pem);
  }
}

/** The certificates in the file, each in lines of its own: OpenSSL reads no further than a line that two of them share. */
async function read(file: string): Promise<string> {
  const text = await readPem("certificate authorities", file, "set CLIENT_CA to where they are");
  return certificatesIn(text).join("\n");
}

const certificatesIn = (text: string): readonly string[] =>
  text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];

/**
 * Holds a text to name somebody: OpenSSL finds no fault in one without authorities, and then nobody is let in.
 *
 * @throws {CertificateError} when it does not.
 */
function check(pem: string, file: string): void {
  const certificates = certificatesIn(pem).map((text) => certificateIn(text, file));
  if (certificates.length === 0) {
    throw new CertificateError(
      `the certificate authorities ${file} are not in PEM form: the file must hold -----BEGIN CERTIFICATE-----`,
    );
  }
  const now = Date.now();
  if (certificates.some(({ validTo, ca }) => ca && new Date(validTo).getTime() > now)) return;
  throw new CertificateError(
    `${file} holds no certificate authority that is in date: put there the one that signs the API server's client certificate`,
  );
}

function certificateIn(text: string, file: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw new CertificateError(`a certificate in ${file} is broken: put the whole file there anew`, {
      cause,
    });
  }
}

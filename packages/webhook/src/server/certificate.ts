import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { both } from "./both.js";
import { CertificateError, readPem } from "./pem-file.js";

/** A certificate and its key, checked to belong together. */
export interface ServingCertificate {
  readonly certPem: string;
  readonly keyPem: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** `subject=… issuer=… serial=…`, for the log. */
  readonly description: string;
}

/** Where the pair is kept, each path with the name of its setting. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** The texts of a pair, as they stand in the files. */
export interface CertificateTexts {
  readonly certPem: string;
  readonly keyPem: string;
}

/**
 * Reads the texts of a pair, unchecked.
 *
 * @throws CertificateError where a file cannot be read; an AggregateError of two where neither can
 */
export async function readTexts({ certFile, keyFile }: CertificateFiles): Promise<CertificateTexts> {
  const [certPem, keyPem] = await both(
    readPem("certificate", certFile, `set TLS_CERT to where it is${standaloneHint}`),
    readPem("private key", keyFile, `set TLS_KEY to where it is${standaloneHint}`),
  );
  return { certPem, keyPem };
}

const standaloneHint = " (without a cluster: cocoon-webhook serve --standalone needs none)";

/**
 * Checks that a pair can be served: both parse, and the key belongs to the certificate. Whether it is in date is another
 * question, because time answers it anew: see {@link validityFault}.
 *
 * @throws CertificateError where it cannot
 */
export function checkTexts(texts: CertificateTexts, files: CertificateFiles): ServingCertificate {
  const { certFile, keyFile } = files;
  const certificate = parse(
    () => new X509Certificate(texts.certPem),
    `the certificate ${certFile} is not in PEM form: it must begin with -----BEGIN CERTIFICATE-----`,
  );
  const key = parse(
    () => createPrivateKey(texts.keyPem),
    `the private key ${keyFile} is not an unencrypted key in PEM form: it must begin with -----BEGIN … PRIVATE KEY-----`,
  );
  if (!certificate.checkPrivateKey(key)) {
    throw new CertificateError(
      `the private key ${keyFile} does not belong to the certificate ${certFile}: install both from one issuance`,
    );
  }
  // The chain behind the first certificate, which neither of the checks above has looked at. No `ca` would mean Node's own roots,
  // which it would read for this, and that takes as long as its own start.
  parse(
    () => createSecureContext({ cert: texts.certPem, key: texts.keyPem, ca: [] }),
    `the certificate ${certFile} cannot be served: a certificate behind the first one is broken`,
  );
  return {
    ...texts,
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
    description: `subject=${oneLine(certificate.subject)} issuer=${oneLine(certificate.issuer)} serial=${certificate.serialNumber}`,
  };
}

function parse<T>(read: () => T, message: string): T {
  try {
    return read();
  } catch (cause) {
    throw new CertificateError(message, { cause });
  }
}

/** Node gives a distinguished name with one attribute a line. */
const oneLine = (name: string): string => name.replaceAll("\n", ",");

/** Why a certificate must not be served at this time; undefined where it may. */
export function validityFault(
  { notBefore, notAfter }: Pick<ServingCertificate, "notBefore" | "notAfter">,
  now: Date,
): string | undefined {
  if (now > notAfter) return `the certificate expired at ${notAfter.toISOString()}`;
  if (now < notBefore) return `the certificate is not valid before ${notBefore.toISOString()}`;
  return undefined;
}

import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { errorCode } from "../internal/index.js";
import { generateSelfSignedCert, type KeyPair } from "./self-signed-cert.js";

/**
 * A key pair that is present but cannot be used: unreadable, not PEM, or a key that belongs to another certificate.
 *
 * @example
 * ```ts
 * if (error instanceof CertificateError) log.fatal({ err: error }, "no certificate");
 * ```
 */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
}

/**
 * A key pair, and where it comes from.
 *
 * @example
 * ```ts
 * const pair: LoadedCert = await loadOrGenerateCert("tls.crt", "tls.key", hostname(), ip);
 * log.info({ source: pair.source }, "certificate");
 * ```
 */
export interface LoadedCert extends KeyPair {
  /** `disk CERTPATH` or `self-signed`, for the log. */
  readonly source: string;
}

/**
 * The key pair at `certPath` and `keyPath`; where either file is missing, or the certificate has expired, a self-signed
 * one for `hostname` and `ip`.
 *
 * @throws {CertificateError} that names the file when a pair is there but broken: to replace it silently would hide the
 * fault.
 * @throws {RangeError} when a certificate has to be made and `ip` is no IP address.
 *
 * @example
 * ```ts
 * const { certPem, keyPem, source } = await loadOrGenerateCert("/etc/tls/tls.crt", "/etc/tls/tls.key", hostname(), ip);
 * ```
 */
export async function loadOrGenerateCert(
  certPath: string,
  keyPath: string,
  hostname: string,
  ip: string,
): Promise<LoadedCert> {
  const [certPem, keyPem] = await Promise.all([readIfThere(certPath), readIfThere(keyPath)]);
  if (certPem !== undefined && keyPem !== undefined) {
    const leaf = parseCertificate(certPem, certPath);
    checkPair(certPem, keyPem, certPath, keyPath);
    if (Date.parse(leaf.validTo) > Date.now()) return { certPem, keyPem, source: `disk ${certPath}` };
  }
  return { ...(await generateSelfSignedCert(hostname, ip)), source: "self-signed" };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return undefined;
    throw new CertificateError(`${path} cannot be read (${errorCode(cause) ?? "unknown error"})`, { cause });
  }
}

function parseCertificate(pem: string, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new CertificateError(`${path} holds no certificate in PEM: replace it, or remove it`, { cause });
  }
}

function checkPair(cert: string, key: string, certPath: string, keyPath: string): void {
  try {
    createSecureContext({ cert, key, ca: [] });
  } catch (cause) {
    throw new CertificateError(
      `${keyPath} is not the private key in PEM (without a passphrase) of the certificate in ${certPath}: replace both`,
      { cause },
    );
  }
}

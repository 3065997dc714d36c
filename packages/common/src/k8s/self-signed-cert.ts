import { webcrypto, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { backdateMs } from "./certificate-authority.js";

/**
 * A certificate and its private key.
 *
 * @example
 * ```ts
 * const { certPem: cert, keyPem: key }: KeyPair = await generateSelfSignedCert("node-1", "10.0.0.7");
 * ```
 */
export interface KeyPair {
  /** The certificate chain in PEM, leaf first. */
  readonly certPem: string;
  /** The private key in PEM (PKCS #8). */
  readonly keyPem: string;
}

const validityYears = 10;

/**
 * A fresh self-signed certificate for a server: ECDSA P-256, common name `hostname`, alternative names `hostname`,
 * `localhost`, `ip` and `127.0.0.1`, server authentication only, valid for 10 years.
 *
 * @throws {RangeError} when `ip` is no IP address.
 *
 * @example
 * ```ts
 * const { certPem, keyPem } = await generateSelfSignedCert("node-1", "10.0.0.7");
 * ```
 */
export async function generateSelfSignedCert(hostname: string, ip: string): Promise<KeyPair> {
  if (isIP(ip) === 0) throw new RangeError(`'${ip}' is no IP address: write one such as 10.0.0.7 or fd00::7`);
  // Loaded when a certificate is made: few programs ever make one.
  const x509 = await import("./x509.js");
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const notBefore = new Date(Date.now() - backdateMs);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + validityYears);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: [{ CN: [hostname] }],
      keys,
      notBefore,
      notAfter,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([
          ...unique([hostname, "localhost"]).map((value) => ({ type: "dns" as const, value })),
          ...unique([ip, "127.0.0.1"]).map((value) => ({ type: "ip" as const, value })),
        ]),
      ],
    },
    webcrypto,
  );
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    certPem: new X509Certificate(Buffer.from(certificate.rawData)).toString(),
    keyPem: x509.PemConverter.encode(key, "PRIVATE KEY") + "\n",
  };
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];

import { createPrivateKey, randomBytes, webcrypto, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { KeyPair } from "./self-signed-cert.js";

/**
 * How long a certificate is valid.
 *
 * @example
 * ```ts
 * const ninetyDays: Validity = { now: new Date(), lifetimeMs: 90 * 24 * 3_600_000 };
 * ```
 */
export interface Validity {
  readonly now: Date;
  readonly lifetimeMs: number;
}

/**
 * How long before its issue a certificate is valid already: clocks of other machines may be a little behind.
 *
 * @example
 * ```ts
 * backdateMs; // 300000
 * ```
 */
export const backdateMs = 5 * 60_000;

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * A new certificate authority (ECDSA P-256) that can sign leaves and nothing else, under a common name of its own.
 *
 * @example
 * ```ts
 * const authority = await issueAuthority({ now: new Date(), lifetimeMs: 365 * 24 * 3_600_000 });
 * ```
 */
export async function issueAuthority({ now, lifetimeMs }: Validity): Promise<KeyPair> {
  const x509 = await import("./x509.js");
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const serialNumber = newSerial();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber,
      // A name of its own: authorities overlap while one follows another, and verifiers look for an issuer by name first.
      name: [{ CN: [`Cocoon CA ${serialNumber.slice(0, 8)}`] }],
      keys,
      notBefore: new Date(now.getTime() - backdateMs),
      notAfter: new Date(now.getTime() + lifetimeMs),
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return pairOf(certificate.rawData, await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
}

/**
 * A new serving certificate for `names` (host names or IP addresses), signed by the authority. It never outlives the
 * authority.
 *
 * @throws {Error} of Node when the authority's texts are no certificate and key.
 *
 * @example
 * ```ts
 * const now = new Date();
 * const authority = await issueAuthority({ now, lifetimeMs: 365 * 24 * 3_600_000 });
 * const leaf = await issueLeaf(authority, ["web.shop.svc", "127.0.0.1"], { now, lifetimeMs: 24 * 3_600_000 });
 * ```
 */
export async function issueLeaf(
  authority: KeyPair,
  names: readonly string[],
  { now, lifetimeMs }: Validity,
): Promise<KeyPair> {
  const x509 = await import("./x509.js");
  const issuer = new x509.X509Certificate(authority.certPem);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: newSerial(),
      subject: [{ CN: [(names[0] ?? "").slice(0, 64)] }],
      issuer: issuer.subject,
      publicKey: keys.publicKey,
      signingKey: await signingKeyOf(authority),
      notBefore: new Date(now.getTime() - backdateMs),
      notAfter: new Date(Math.min(now.getTime() + lifetimeMs, issuer.notAfter.getTime())),
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value })),
        ),
        await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return pairOf(certificate.rawData, await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
}

function signingKeyOf({ keyPem }: KeyPair): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(keyPem).export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
}

function pairOf(certificate: ArrayBuffer, key: ArrayBuffer): KeyPair {
  const keyObject = createPrivateKey({ key: Buffer.from(key), format: "der", type: "pkcs8" });
  return {
    certPem: new X509Certificate(Buffer.from(certificate)).toString(),
    keyPem: keyObject.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** 16 random bytes in hexadecimal; the first bit is clear, because a serial number is positive. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}

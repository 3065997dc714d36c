import { createPrivateKey, randomBytes, webcrypto, X509Certificate } from "node:crypto";
import { isIP } from "node:net";

/** A certificate and its private key, both in PEM. */
export interface Pair {
  readonly certPem: string;
  readonly keyPem: string;
}

/** How long a certificate is valid. */
export interface Validity {
  readonly now: Date;
  readonly lifetimeMs: number;
}

/** Clocks of other machines may be a little behind. */
export const backdateMs = 5 * 60_000;

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A new certificate authority that can sign leaves and nothing else. */
export async function issueAuthority({ now, lifetimeMs }: Validity): Promise<Pair> {
  const x509 = await import("./x509.js");
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const serialNumber = newSerial();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber,
      // A name of its own: authorities overlap while one follows another, and verifiers look for an issuer by name first.
      name: [{ CN: [`cocoon-webhook CA ${serialNumber.slice(0, 8)}`] }],
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
 */
export async function issueLeaf(
  authority: Pair,
  names: readonly string[],
  { now, lifetimeMs }: Validity,
): Promise<Pair> {
  const x509 = await import("./x509.js");
  const issuer = new x509.X509Certificate(authority.certPem);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: newSerial(),
      subject: [{ CN: ["cocoon-webhook"] }],
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

function signingKeyOf({ keyPem }: Pair): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(keyPem).export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
}

function pairOf(certificate: ArrayBuffer, key: ArrayBuffer): Pair {
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

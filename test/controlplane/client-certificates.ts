import { webcrypto } from "node:crypto";
// Node can read certificates but not make them.
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  PemConverter,
  X509CertificateGenerator,
} from "../../packages/common/src/k8s/x509.js";
import type { Identity } from "./identities.js";

/** A certificate and its private key, PEM. */
export interface ClientCertificate {
  readonly certPem: string;
  readonly keyPem: string;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 24 * 60 * 60_000;

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);

/**
 * Makes an authority for `--client-ca-file`, and a certificate of it for each identity, valid for a day. Kubernetes reads
 * the user from the common name, and the groups from the organizations.
 */
export async function issueClientCertificates(
  identities: Readonly<Record<string, Identity>>,
): Promise<{ readonly caPem: string; readonly certificates: Readonly<Record<string, ClientCertificate>> }> {
  const validity = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + dayMs) };
  const caKeys = await newKeys();
  const ca = await X509CertificateGenerator.createSelfSigned(
    {
      name: [{ CN: ["client-ca"] }],
      keys: caKeys,
      ...validity,
      signingAlgorithm: algorithm,
      extensions: [new BasicConstraintsExtension(true, 0, true)],
    },
    webcrypto,
  );
  const issue = async ({ user, groups }: Identity): Promise<ClientCertificate> => {
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.create(
      {
        subject: [{ CN: [user] }, ...groups.map((group) => ({ O: [group] }))],
        issuer: ca.subject,
        publicKey: keys.publicKey,
        signingKey: caKeys.privateKey,
        ...validity,
        signingAlgorithm: algorithm,
        extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])],
      },
      webcrypto,
    );
    const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    return { certPem: certificate.toString("pem"), keyPem: PemConverter.encode(key, "PRIVATE KEY") };
  };
  const issued = await Promise.all(
    Object.entries(identities).map(async ([name, identity]) => [name, await issue(identity)] as const),
  );
  return { caPem: ca.toString("pem"), certificates: Object.fromEntries(issued) };
}

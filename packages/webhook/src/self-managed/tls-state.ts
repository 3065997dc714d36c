import { createPrivateKey, X509Certificate } from "node:crypto";
import type { KeyPair } from "@cocoonstack/common/k8s";

/** What the replicas share: who signs, what is served, and who is trusted besides. */
export interface TlsState {
  /** Signed the leaf. */
  readonly authority: KeyPair;
  readonly leaf: KeyPair;
  /** The authority to come: trusted already, so that its first leaf will be, and not signing yet. */
  readonly next?: KeyPair | undefined;
  /** The authority before: a replica may serve a leaf of its until that expires. */
  readonly retired?: RetiredAuthority | undefined;
}

/** An authority that signs no more. Its key is gone. */
export interface RetiredAuthority {
  readonly certPem: string;
  /** When the last leaf that it signed expires. */
  readonly until: Date;
}

/** The keys of the Secret, which is all that is stored. */
export type SecretData = Readonly<Record<SecretKey, string | undefined>>;

/** @internal */
export type SecretKey = (typeof secretKeys)[number];

/** Every key that the Secret may hold; `tls.crt`, `tls.key` and `ca.crt` are named as everywhere else. */
export const secretKeys = [
  "ca.crt",
  "ca.key",
  "tls.crt",
  "tls.key",
  "next-ca.crt",
  "next-ca.key",
  "retired-ca.crt",
  "retired-ca-until",
] as const;

/** All authorities that API servers have to trust, in PEM. */
export const bundleOf = ({ authority, next, retired }: TlsState): string =>
  [authority, next, retired].flatMap((one) => (one === undefined ? [] : [one.certPem])).join("");

/** The state as the Secret's texts; a key that is not needed is undefined. */
export function toSecretData({ authority, leaf, next, retired }: TlsState): SecretData {
  return {
    "ca.crt": authority.certPem,
    "ca.key": authority.keyPem,
    "tls.crt": leaf.certPem,
    "tls.key": leaf.keyPem,
    "next-ca.crt": next?.certPem,
    "next-ca.key": next?.keyPem,
    "retired-ca.crt": retired?.certPem,
    "retired-ca-until": retired?.until.toISOString(),
  };
}

/** The Secret holds no state that can be used. The message names the key and never quotes what is in it. */
export class TlsStateError extends Error {
  override readonly name = "TlsStateError";
}

/**
 * Reads the Secret's texts back.
 *
 * @throws {TlsStateError} when something is missing, broken, or does not belong together.
 */
export function fromSecretData(data: Partial<SecretData>): TlsState {
  const authority = readPair(data, "ca.crt", "ca.key");
  const leaf = readPair(data, "tls.crt", "tls.key");
  if (!certificateOf(leaf).verify(certificateOf(authority).publicKey)) {
    throw new TlsStateError("tls.crt is not signed by ca.crt");
  }
  const next = data["next-ca.crt"] === undefined ? undefined : readPair(data, "next-ca.crt", "next-ca.key");
  return { authority, leaf, next, retired: readRetired(data) };
}

/** The certificate of a pair or of a retired authority, parsed. */
export const certificateOf = ({ certPem }: Pick<KeyPair, "certPem">): X509Certificate =>
  new X509Certificate(certPem);

function readPair(data: Partial<SecretData>, certKey: SecretKey, keyKey: SecretKey): KeyPair {
  const [certPem, keyPem] = [readText(data, certKey), readText(data, keyKey)];
  const certificate = parse(certKey, () => new X509Certificate(certPem));
  const key = parse(keyKey, () => createPrivateKey(keyPem));
  if (!certificate.checkPrivateKey(key)) throw new TlsStateError(`${keyKey} does not belong to ${certKey}`);
  return { certPem, keyPem };
}

function readRetired(data: Partial<SecretData>): RetiredAuthority | undefined {
  if (data["retired-ca.crt"] === undefined) return undefined;
  const certPem = readText(data, "retired-ca.crt");
  parse("retired-ca.crt", () => new X509Certificate(certPem));
  const until = new Date(readText(data, "retired-ca-until"));
  if (Number.isNaN(until.getTime())) throw new TlsStateError("retired-ca-until is no time");
  return { certPem, until };
}

function readText(data: Partial<SecretData>, key: SecretKey): string {
  const text = data[key];
  if (text === undefined) throw new TlsStateError(`${key} is missing`);
  return text;
}

function parse<T>(key: SecretKey, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new TlsStateError(`${key} cannot be read`, { cause });
  }
}

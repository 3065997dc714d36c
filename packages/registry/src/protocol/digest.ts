import { createHash } from "node:crypto";

/** The algorithms that the OCI image specification registers. */
export type DigestAlgorithm = "sha256" | "sha512";

/** The name of content by its hash, in lower-case hex: `sha256:9f86d0…`. */
export type Digest = `${DigestAlgorithm}:${string}`;

const grammar = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;

/**
 * Whether a text is a complete digest.
 *
 * @example
 * ```ts
 * isDigest("sha256:9f86"); // false: too short
 * ```
 */
export const isDigest = (text: string): text is Digest => grammar.test(text);

/** The digest of a piece of content. */
export const digestOf = (content: Uint8Array, algorithm: DigestAlgorithm = "sha256"): Digest =>
  `${algorithm}:${createHash(algorithm).update(content).digest("hex")}`;

/** Whether content has a digest, by the digest's own algorithm. */
export const hasDigest = (content: Uint8Array, digest: Digest): boolean =>
  digestOf(content, digest.startsWith("sha512:") ? "sha512" : "sha256") === digest;

/** The name of content by its hash, in lower-case hex: `sha256:9f86d0…`. */
export type Digest = `${DigestAlgorithm}:${string}`;

/** The algorithms that the OCI image specification registers. */
export type DigestAlgorithm = "sha256" | "sha512";

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

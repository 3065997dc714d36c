import type { Digest, RegistryErrorKind } from "./protocol/index.js";
import type { BreakerOptions, RetryOptions } from "./resilience/index.js";

/**
 * The end of a call, its retries included.
 *
 * @example
 * ```ts
 * const digest = await registry.resolve("vk-shop-demo-0", "hibernate", { timeoutMs: 2_000, signal });
 * ```
 */
export interface CallOptions {
  /**
   * Deadline from the call to its result, waiting for a free place and for retries included.
   * @default RegistryOptions.timeoutMs
   */
  readonly timeoutMs?: number | undefined;
  /** Ends the call early. What was sent may take effect all the same. */
  readonly signal?: AbortSignal | undefined;
}

/** See {@link Registry.deleteTag}. */
export interface DeleteTagOptions extends CallOptions {
  /**
   * Asks for the tag's digest before each try, and leaves the tag alone when it is another one. The protocol has no such
   * condition of its own: a push between the question and the deletion goes unnoticed.
   */
  readonly ifDigest?: string | undefined;
}

/** A piece of content, and what it is. */
export interface Blob {
  /** Such as `application/vnd.cocoonstack.snapshot.config.v1+json`. */
  readonly mediaType: string;
  readonly content: Uint8Array;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * An OCI image manifest (`application/vnd.oci.image.manifest.v1+json`) with all its content, in memory.
 *
 * @example
 * ```ts
 * const artifact: Artifact = {
 *   artifactType: "application/vnd.cocoonstack.snapshot.v1+json",
 *   config: { mediaType: "application/vnd.cocoonstack.snapshot.config.v1+json", content: Buffer.from("{}") },
 *   layers: [],
 *   annotations: { "cocoonstack.snapshot.id": "7" },
 * };
 * ```
 */
export interface Artifact {
  readonly artifactType?: string;
  readonly config: Blob;
  readonly layers: readonly Blob[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What {@link Registry.pull} gives: the artifact, and the digest of its manifest. */
export interface PulledArtifact extends Artifact {
  readonly digest: Digest;
}

/**
 * A registry that speaks the OCI Distribution API. Repositories are named below the prefix of the configuration, so the
 * one of a VM is the VM's name.
 *
 * Every method rejects with a {@link RegistryError} whose `kind` says why, `invalid` and `closed` included; none rejects
 * because something is not there, but for {@link Registry.tag}.
 *
 * @example
 * ```ts
 * const digest = await registry.resolve("vk-shop-demo-0", "hibernate");
 * if (digest !== undefined) {
 *   await registry.tag("vk-shop-demo-0", digest, "latest");
 *   await registry.deleteTag("vk-shop-demo-0", "hibernate", { ifDigest: digest });
 * }
 * ```
 */
export interface Registry {
  /** The digest of the manifest that has this tag, or undefined where there is no such tag or repository. */
  resolve(repository: string, tag: string, options?: CallOptions): Promise<Digest | undefined>;
  /**
   * Gives the manifest with this digest a tag, which it takes away from any other manifest. No content is copied.
   *
   * @throws {RegistryError} of the kind `not-found` when there is no such manifest.
   */
  tag(repository: string, digest: string, tag: string, options?: CallOptions): Promise<void>;
  /**
   * Takes the tag away; one that is not there is fine. The manifest and its other tags stay: nothing is ever deleted by
   * its digest.
   *
   * @throws {RegistryError} of the kind `unsupported` when the registry cannot delete tags.
   */
  deleteTag(repository: string, tag: string, options?: DeleteTagOptions): Promise<void>;
  /** Uploads what the registry does not have yet, then the manifest under this tag. Gives the digest of the manifest. */
  push(repository: string, tag: string, artifact: Artifact, options?: CallOptions): Promise<Digest>;
  /** The artifact with this tag or digest, every byte compared with its digest, or undefined where there is none. */
  pull(repository: string, tagOrDigest: string, options?: CallOptions): Promise<PulledArtifact | undefined>;
  /** Refuses new calls, ends those under way with the kind `closed`, and closes all connections. */
  close(): Promise<void>;
}

/** Limits of a {@link Registry}, and who is told of its calls. */
export interface RegistryOptions {
  /**
   * Deadline of a call that names none.
   * @default 15_000
   */
  readonly timeoutMs?: number;
  /**
   * How long the set-up of a connection, TLS included, may take.
   * @default 5_000
   */
  readonly connectTimeoutMs?: number;
  /**
   * How many requests are under way at most; others wait for a place, within their deadline.
   * @default 16
   */
  readonly concurrency?: number;
  /**
   * The longest artifact that is pulled, all its content together.
   * @default 67_108_864 (64 MiB)
   */
  readonly maxArtifactBytes?: number;
  /** @default "cocoon" */
  readonly userAgent?: string;
  /**
   * How often a request is tried that the registry does not answer, or answers with 408, 429 or 5xx.
   * @default 4 tries; 0.13 to 0.25 s before the second, twice that before each one after it, and of more tries never above 4 s
   */
  readonly retry?: Partial<RetryOptions>;
  /**
   * When a registry is left alone that fails again and again.
   * @default 5 failures in a row open it for 1 s, doubled up to 30 s
   */
  readonly breaker?: Partial<BreakerOptions>;
  /** Told of each call once, when it has ended. It must not throw. */
  readonly onCall?: (call: Call) => void;
}

/** What a call was for. */
export type Operation = "resolve" | "tag" | "delete-tag" | "push" | "pull";

/** A call that has ended, however it did; made for metrics. */
export interface Call {
  readonly operation: Operation;
  /** Absence is a good answer: `ok`. */
  readonly outcome: "ok" | RegistryErrorKind;
  readonly durationMs: number;
}

/**
 * Why a call did not do what it was asked for:
 *
 * - `unavailable`: no connection, or answers of 429 and 5xx to the last of several tries
 * - `circuit-open`: not even asked, because the registry has just failed several times in a row; see `retryAfterMs`
 * - `timeout`: the deadline of the call passed
 * - `tls`: the registry's certificate is not trusted, or the handshake failed
 * - `credentials`: those that there are could not be read
 * - `unauthorized`: the registry, or its token service, wants credentials, or does not know the ones that it got
 * - `denied`: it knows them, and they may not do this
 * - `unsupported`: the registry does not do this at all, such as deleting a tag; asking again does not help
 * - `not-found`: the manifest that is to get a tag is not there
 * - `changed`: the tag has another digest than the caller named; nothing was done
 * - `rejected`: any other refusal, such as a tag that is immutable or an artifact that is too large for the registry
 * - `malformed`: an answer that is not the protocol's, a redirect to nowhere included
 * - `corrupt`: content that does not have its digest
 * - `too-large`: an answer longer than the client takes
 * - `invalid`: the caller's repository, tag, digest or artifact; nothing was sent
 * - `aborted`: by the caller's signal
 * - `closed`: the client has been closed
 *
 * After `unavailable`, `timeout` and `aborted` it is not known whether a push, a new tag or a deletion has happened, or
 * still will.
 *
 * @example
 * ```ts
 * const passing: readonly RegistryErrorKind[] = ["unavailable", "circuit-open", "timeout"];
 * const isWorthAnotherTry = error instanceof RegistryError && passing.includes(error.kind);
 * ```
 */
export type RegistryErrorKind =
  | "unavailable"
  | "circuit-open"
  | "timeout"
  | "tls"
  | "credentials"
  | "unauthorized"
  | "denied"
  | "unsupported"
  | "not-found"
  | "changed"
  | "rejected"
  | "malformed"
  | "corrupt"
  | "too-large"
  | "invalid"
  | "aborted"
  | "closed";

/** More than a message; see {@link RegistryError}. */
export interface RegistryErrorDetails extends ErrorOptions {
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
}

/**
 * A call to a registry that failed. The message is one line without secrets that names repository and tag; `cause` is what
 * happened underneath.
 *
 * @example
 * ```ts
 * const cannotDelete = error instanceof RegistryError && error.kind === "unsupported";
 * ```
 */
export class RegistryError extends Error {
  override readonly name = "RegistryError";
  readonly kind: RegistryErrorKind;
  /** Status code of HTTP, where the registry answered. */
  readonly status: number | undefined;
  /** When another call may do better, in milliseconds from now: what the registry asked for, or until the circuit closes. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: RegistryErrorKind, message: string, details: RegistryErrorDetails = {}) {
    super(message, details);
    this.kind = kind;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }
}

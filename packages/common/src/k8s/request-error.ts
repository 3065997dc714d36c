import { ConfigError } from "./config-error.js";
import { errorCode } from "../internal/index.js";

/**
 * Why there is no answer:
 *
 * - `timeout`: the deadline passed, whether while waiting for a connection, for the answer or for its end
 * - `connection`: refused, cut, or the name does not resolve
 * - `tls`: the server's certificate is not trusted, or the handshake failed
 * - `credentials`: no token or certificate could be had
 * - `aborted`: by the caller's signal
 * - `too-large`: the answer is longer than `maxBodyBytes`
 * - `malformed`: the answer is a success but not what it should be, such as HTML in place of JSON
 * - `closed`: the connection has been closed by {@link ClusterConnection.close}
 *
 * @example
 * ```ts
 * const passing: readonly RequestErrorKind[] = ["timeout", "connection"];
 * const isWorthAnotherTry = error instanceof RequestError && passing.includes(error.kind);
 * ```
 */
export type RequestErrorKind =
  "timeout" | "connection" | "tls" | "credentials" | "aborted" | "too-large" | "malformed" | "closed";

/**
 * A request to the API server that got no usable answer. (An answer of any status is no error here.) The message is one
 * line without secrets; `cause` is what happened underneath.
 *
 * @example
 * ```ts
 * const isWorthAnotherTry = error instanceof RequestError && error.kind === "timeout";
 * ```
 */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly kind: RequestErrorKind;

  constructor(kind: RequestErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

const kinds: readonly { readonly codes: RegExp; readonly kind: RequestErrorKind; readonly says: string }[] = [
  { codes: /^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$|^ETIMEDOUT$/, kind: "timeout", says: "timed out" },
  { codes: /^UND_ERR_RES_EXCEEDED_MAX_SIZE$/, kind: "too-large", says: "the answer is too large" },
  { codes: /^UND_ERR_(CLOSED|DESTROYED)$/, kind: "closed", says: "the connection is closed" },
  {
    codes: /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|EPROTO)/,
    kind: "tls",
    says: "TLS failed",
  },
];

/**
 * Turns what the pool or a credential source threw into a {@link RequestError}.
 *
 * @param what The request, such as `GET /api/v1/pods`.
 */
export function asRequestError(what: string, cause: unknown): RequestError {
  if (cause instanceof RequestError) return cause;
  if (cause instanceof ConfigError) {
    return new RequestError("credentials", `${what}: ${cause.message}`, { cause });
  }
  const code = errorCode(cause) ?? "unknown error";
  const { kind, says } = kinds.find(({ codes }) => codes.test(code)) ?? {
    kind: "connection",
    says: "the connection failed",
  };
  return new RequestError(kind, `${what}: ${says} (${code})`, { cause });
}

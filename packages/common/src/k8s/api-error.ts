import { isObject } from "../internal/index.js";
import type { ApiResponse } from "./cluster-connection.js";
import { textAt, type UnknownRecord } from "./record.js";

/**
 * An answer of the API server that is no success. The message is one line: the request, the status, and what the server
 * says; for an invalid object that may include the values at fault.
 *
 * @example
 * ```ts
 * const hasChanged = error instanceof ApiError && error.reason === "Conflict";
 * ```
 */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** Status code of HTTP: 404, 409, 422. */
  readonly status: number;
  /** The server's word for it (`Status.reason`): `NotFound`, `Conflict`, `Invalid`; empty where something else answered. */
  readonly reason: string;
  /** More of it for programs (`Status.details`): kind and name of the object, `causes` field by field, `retryAfterSeconds`. */
  readonly details: Readonly<Record<string, unknown>>;
  /** How long the server asks to wait before the next try (header `Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    status: number,
    message: string,
    {
      reason,
      details,
      retryAfterMs,
    }: {
      readonly reason?: string;
      readonly details?: UnknownRecord;
      readonly retryAfterMs?: number | undefined;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.reason = reason ?? "";
    this.details = details ?? {};
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Reads a failure as the API server's `Status`; an answer of a proxy on the way is none, and its text stays out.
 *
 * @param what The request, such as `PATCH /api/v1/namespaces/shop/pods/demo-0`.
 *
 * @example
 * ```ts
 * const response = await connection.request({ path: "/api/v1/namespaces/shop/pods/demo-0" });
 * if (response.status !== 200) throw apiErrorOf("GET demo-0", response);
 * ```
 */
export function apiErrorOf(what: string, { status, headers, body }: ApiResponse): ApiError {
  const answer = parsed(body);
  const retryAfterMs = retryAfterOf(headers["retry-after"]);
  const isStatus = isObject(answer) && answer["kind"] === "Status";
  if (!isStatus) {
    return new ApiError(status, `${what}: status ${status}, and not from the API server`, { retryAfterMs });
  }
  const reason = textAt(answer, "reason") ?? "Unknown";
  const details = isObject(answer["details"]) ? answer["details"] : {};
  const message = (textAt(answer, "message") ?? "it does not say why").replaceAll(/\s+/g, " ");
  return new ApiError(status, `${what}: ${reason} (status ${status}): ${message}`, {
    reason,
    details,
    retryAfterMs,
  });
}

/** The header may hold a date, too, which API servers never send. */
const retryAfterOf = (header: string | undefined): number | undefined =>
  header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : undefined;

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

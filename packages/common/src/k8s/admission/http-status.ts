import { Buffer } from "node:buffer";
import type { ServerResponse } from "node:http";

/**
 * A refusal at the level of HTTP, before there is a review to answer.
 *
 * @example
 * ```ts
 * const fault: HttpFault = {
 *   code: 405,
 *   reason: "MethodNotAllowed",
 *   message: "use POST",
 *   headers: { Allow: "POST" },
 * };
 * sendStatus(response, fault);
 * ```
 */
export interface HttpFault {
  /** HTTP status code. */
  readonly code: number;
  /** Kubernetes status reason. */
  readonly reason: string;
  /** One sentence that names the rule; it never quotes the request. */
  readonly message: string;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the connection after the answer, for a request that was not read to its end. */
  readonly close?: boolean;
}

/**
 * Answers with a `Status` object, the form in which Kubernetes clients expect every error.
 *
 * @throws {Error} of Node (`ERR_HTTP_HEADERS_SENT`) when the answer has begun already.
 *
 * @example
 * ```ts
 * sendStatus(response, { code: 404, reason: "NotFound", message: "there is no such endpoint" });
 * ```
 */
export function sendStatus(response: ServerResponse, fault: HttpFault): void {
  const body = JSON.stringify({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: fault.message,
    reason: fault.reason,
    code: fault.code,
  });
  if (fault.close === true) response.shouldKeepAlive = false;
  response
    .writeHead(fault.code, {
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(body),
      ...fault.headers,
    })
    .end(body);
}

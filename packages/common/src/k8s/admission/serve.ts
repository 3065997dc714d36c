import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { BodyBudget } from "./body-budget.js";
import { decodeReview } from "./decode.js";
import { type HttpFault, sendStatus } from "./http-status.js";
import { type Body, type BodyFault, readBody } from "./read-body.js";
import { allow, deny } from "./response.js";
import { callerTimeoutMs } from "./timeout.js";
import {
  type AdmissionRequest,
  type AdmissionResponse,
  admissionApiVersion,
  admissionKind,
} from "./types.js";

/**
 * What a handler may want to know about the call besides the review.
 *
 * @example
 * ```ts
 * const remainingMs = ({ receivedAtMs, timeoutMs = 10_000 }: AdmissionContext): number =>
 *   receivedAtMs + timeoutMs - performance.now();
 * ```
 */
export interface AdmissionContext {
  /** When the request's headers had arrived, on the clock of `performance.now()`. */
  readonly receivedAtMs: number;
  /** How long the API server waits for the answer, from `?timeout=5s`; undefined where it does not say. */
  readonly timeoutMs: number | undefined;
}

/**
 * Decides on one review. Nothing allows; a throw or a rejection is answered as an internal error, which refuses.
 *
 * @example
 * ```ts
 * const handler: AdmissionHandler = ({ namespace }) =>
 *   namespace === "kube-system" ? deny("not in kube-system") : allow();
 * const listener = serve(handler);
 * ```
 */
export type AdmissionHandler = (
  request: AdmissionRequest,
  context: AdmissionContext,
) => AdmissionResponse | undefined | Promise<AdmissionResponse | undefined>;

/**
 * Why a request got no decision: a closed set, fit for a metric label.
 *
 * @example
 * ```ts
 * const counts = new Map<ProtocolFault, number>();
 * const onFault = (fault: ProtocolFault): void => void counts.set(fault, (counts.get(fault) ?? 0) + 1);
 * ```
 */
export type ProtocolFault = "method" | "content-type" | "content-encoding" | "malformed" | BodyFault;

/**
 * Limits and observers of {@link serve}.
 *
 * @example
 * ```ts
 * const options: ServeOptions = {
 *   maxBytes: 3_145_728,
 *   onError: (error) => { log.error({ err: error }, "handler failed"); },
 * };
 * const listener = serve(() => allow(), options);
 * ```
 */
export interface ServeOptions {
  /** Longest body that is read. @default 10485760 (10 MiB) */
  readonly maxBytes?: number;
  /** How long a client may take to send its body. @default 10000 */
  readonly bodyTimeoutMs?: number;
  /**
   * Bounds what all bodies together take of the memory, over every listener that shares it; beyond it the answer is 503
   * with `Retry-After`, on which API servers send the review again.
   * @default no bound
   */
  readonly budget?: BodyBudget;
  /** Called for every request that is refused before a handler sees it. */
  readonly onFault?: (fault: ProtocolFault) => void;
  /** Called with what a handler threw; the caller of the API only learns that there was an internal error. */
  readonly onError?: (error: unknown) => void;
}

const defaultMaxBytes = 10 * 1024 * 1024;
const defaultBodyTimeoutMs = 10_000;

/**
 * Makes a request listener of a handler: checks the envelope (POST, `application/json`, no encoding, bounded in bytes and
 * time, an AdmissionReview v1 with a `uid`), and answers with `apiVersion`, `kind` and `response` alone. The request is
 * never echoed. What is no review gets a small JSON `Status` with 400, 405, 408, 413, 415 or
 * 503.
 *
 * @example
 * ```ts
 * import { createServer } from "node:https";
 *
 * createServer(tls, serve((request) => (request.name === "x" ? deny("no x here") : allow())));
 * ```
 */
export function serve(
  handler: AdmissionHandler,
  options: ServeOptions = {},
): (request: IncomingMessage, response: ServerResponse) => void {
  const { maxBytes = defaultMaxBytes, bodyTimeoutMs = defaultBodyTimeoutMs } = options;
  const { budget, onFault, onError } = options;
  const faultOf = describeFaults(maxBytes, bodyTimeoutMs);

  const refuse = (response: ServerResponse, fault: ProtocolFault, message?: string): void => {
    onFault?.(fault);
    const described = faultOf[fault];
    sendStatus(response, message === undefined ? described : { ...described, message });
  };

  /** The answer as text. What cannot be written as JSON is an error of the handler like any other. */
  const answer = async (request: AdmissionRequest, context: AdmissionContext): Promise<string> => {
    try {
      return reviewText(request.uid, (await handler(request, context)) ?? allow());
    } catch (error) {
      onError?.(error);
      return reviewText(request.uid, internalError);
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const context = { receivedAtMs: performance.now(), timeoutMs: callerTimeoutMs(request.url ?? "") };
    const fault = envelopeFault(request);
    if (fault !== undefined) {
      refuse(response, fault);
      return;
    }
    const account = budget?.open();
    try {
      const body = await readBody(request, { maxBytes, timeoutMs: bodyTimeoutMs, account });
      await respond(response, body, context);
    } finally {
      account?.close();
    }
  };

  const respond = async (response: ServerResponse, body: Body, context: AdmissionContext): Promise<void> => {
    if (!body.ok) {
      refuse(response, body.fault);
      return;
    }
    const decoded = decodeReview(body.bytes);
    if (!decoded.ok) {
      refuse(response, "malformed", `not an AdmissionReview: ${decoded.message}`);
      return;
    }
    sendReview(response, await answer(decoded.request, context));
  };

  return (request, response) => {
    handle(request, response).catch((error: unknown) => {
      // Nothing above rejects by design. If it does all the same, the client must not wait for its own time-out.
      onError?.(error);
      response.destroy();
    });
  };
}

function envelopeFault({ method, headers }: IncomingMessage): ProtocolFault | undefined {
  if (method !== "POST") return "method";
  if (!isJson(headers["content-type"])) return "content-type";
  if ((headers["content-encoding"] ?? "identity") !== "identity") return "content-encoding";
  return undefined;
}

/** Whether it is `application/json`, with parameters or without (RFC 9110, section 8.3.1: the type is case-insensitive). */
const isJson = (contentType = ""): boolean =>
  contentType === jsonType || contentType.split(";", 1).at(0)?.trim().toLowerCase() === jsonType;

const jsonType = "application/json";

function describeFaults(maxBytes: number, bodyTimeoutMs: number): Record<ProtocolFault, HttpFault> {
  return {
    method: {
      code: 405,
      reason: "MethodNotAllowed",
      message: "admission reviews are sent by POST",
      headers: { Allow: "POST" },
      close: true,
    },
    "content-type": {
      code: 415,
      reason: "UnsupportedMediaType",
      message: "admission reviews are sent as application/json",
      close: true,
    },
    "content-encoding": {
      code: 415,
      reason: "UnsupportedMediaType",
      message: "admission reviews are sent without a content encoding",
      close: true,
    },
    malformed: { code: 400, reason: "BadRequest", message: "not an AdmissionReview" },
    "too-large": {
      code: 413,
      reason: "RequestEntityTooLarge",
      message: `the body is longer than ${maxBytes} bytes`,
      close: true,
    },
    "too-slow": {
      code: 408,
      reason: "Timeout",
      message: `the body did not arrive within ${bodyTimeoutMs} ms`,
      close: true,
    },
    overload: {
      code: 503,
      reason: "ServiceUnavailable",
      message: "the webhook holds too much at once; try again",
      headers: { "Retry-After": "1" },
      close: true,
    },
    // Nobody is left to read it, but a response has to end one way or another.
    aborted: { code: 400, reason: "BadRequest", message: "the body ended early", close: true },
  };
}

const internalError = deny("the webhook failed to decide, so the request is refused; its log has the cause", {
  code: 500,
  reason: "InternalError",
});

const envelope = `{"apiVersion":"${admissionApiVersion}","kind":"${admissionKind}","response":{"uid":`;

/** The review around the answer, which always has a member of its own. Only what differs is turned into JSON. */
const reviewText = (uid: string, answer: AdmissionResponse): string =>
  `${envelope}${JSON.stringify(uid)},${JSON.stringify(answer).slice(1)}}`;

function sendReview(response: ServerResponse, body: string): void {
  response.writeHead(200, { "Content-Type": jsonType, "Content-Length": Buffer.byteLength(body) }).end(body);
}

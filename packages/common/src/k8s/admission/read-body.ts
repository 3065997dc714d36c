import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { BodyAccount } from "./body-budget.js";

/** Why a body could not be had. */
export type BodyFault = "too-large" | "too-slow" | "aborted" | "overload";

/** A whole body, or why there is none. */
export type Body =
  { readonly ok: true; readonly bytes: Buffer } | { readonly ok: false; readonly fault: BodyFault };

/** Bounds on a request body. */
export interface BodyLimits {
  /** A longer body is not read to its end. */
  readonly maxBytes: number;
  /** How long the client may take to send it. */
  readonly timeoutMs: number;
  /** What it may take of the memory. */
  readonly account: BodyAccount | undefined;
}

/**
 * Collects a request body within its limits. A declared length beyond the limit is refused before a byte is read; where
 * none is declared, reading stops at the limit. Never rejects: a client that goes away is the fault `aborted`.
 */
export function readBody(
  request: IncomingMessage,
  { maxBytes, timeoutMs, account }: BodyLimits,
): Promise<Body> {
  const declaredBytes = Number(request.headers["content-length"]);
  if (declaredBytes > maxBytes) return Promise.resolve({ ok: false, fault: "too-large" });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let isSettled = false;
    let timer: NodeJS.Timeout | undefined;

    const settle = (body: Body): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      if (!body.ok) request.pause();
      // The request lives on until its connection brings the next one; what it brought need not.
      chunks.length = 0;
      resolve(body);
    };
    const onGone = (): void => {
      settle({ ok: false, fault: "aborted" });
    };
    request.on("data", (chunk: Buffer) => {
      if (isSettled) return;
      length += chunk.length;
      if (length > maxBytes) settle({ ok: false, fault: "too-large" });
      else if (account?.grow(length) === false) settle({ ok: false, fault: "overload" });
      else chunks.push(chunk);
    });
    request.on("end", () => {
      const [only] = chunks;
      const bytes = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length);
      settle({ ok: true, bytes });
    });
    // The listeners stay when it is settled: without one, a late error event would end the process.
    request.on("close", onGone).on("error", onGone);

    // A body usually comes in one piece with its headers, and is there by then. Only the others need a watch.
    queueMicrotask(() => {
      if (isSettled || length === declaredBytes) return;
      timer = setTimeout(() => {
        settle({ ok: false, fault: "too-slow" });
      }, timeoutMs);
    });
  });
}

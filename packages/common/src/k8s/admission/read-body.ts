import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";

/** Why a body could not be had. */
export type BodyFault = "too-large" | "too-slow" | "aborted";

/** A whole body, or why there is none. */
export type Body =
  { readonly ok: true; readonly bytes: Buffer } | { readonly ok: false; readonly fault: BodyFault };

/** Bounds on a request body. */
export interface BodyLimits {
  /** A longer body is not read to its end. */
  readonly maxBytes: number;
  /** How long the client may take to send it. */
  readonly timeoutMs: number;
}

/**
 * Collects a request body within its limits. A declared length beyond the limit is refused before a byte is read; where
 * none is declared, reading stops at the limit. Never rejects: a client that goes away is the fault `aborted`.
 */
export function readBody(request: IncomingMessage, { maxBytes, timeoutMs }: BodyLimits): Promise<Body> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) {
    return Promise.resolve({ ok: false, fault: "too-large" });
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;

    const settle = (body: Body): void => {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("close", onGone).off("error", onGone);
      // Without a listener an error event would end the process; the answer is settled and nobody else cares.
      request.on("error", () => undefined);
      resolve(body);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > maxBytes) {
        request.pause();
        settle({ ok: false, fault: "too-large" });
      } else {
        chunks.push(chunk);
      }
    };
    const onEnd = (): void => {
      const [only] = chunks;
      settle({
        ok: true,
        bytes: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length),
      });
    };
    const onGone = (): void => {
      settle({ ok: false, fault: "aborted" });
    };
    const timer = setTimeout(() => {
      request.pause();
      settle({ ok: false, fault: "too-slow" });
    }, timeoutMs);

    request.on("data", onData).on("end", onEnd).on("close", onGone).on("error", onGone);
  });
}

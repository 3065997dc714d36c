import { Buffer } from "node:buffer";
import { timingSafeEqual } from "node:crypto";
import type { Session, SessionKey } from "./session.js";
import { decodeSession } from "./session-json.js";
import { signatureOf } from "./signature.js";

/** Takes as long for a wrong signature as for a right one. That of another length says nothing by being refused early. */
function equals(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, "utf8"), Buffer.from(b, "utf8")];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Go's base64.RawURLEncoding: line breaks are ignored, and bits beyond the last byte; other characters are refused. */
function decodeBase64Url(text: string): string | undefined {
  const characters = text.replace(/[\r\n]/g, "");
  const isEncoded = /^[A-Za-z0-9_-]*$/.test(characters) && characters.length % 4 !== 1;
  return isEncoded ? Buffer.from(characters, "base64url").toString("utf8") : undefined;
}

function sessionIn(payload: string): Session | undefined {
  const json = decodeBase64Url(payload);
  if (json === undefined) return undefined;
  try {
    return decodeSession(json);
  } catch {
    return undefined;
  }
}

/**
 * The session in a cookie, or undefined when anything is wrong with it: the signature, which is asked first and in
 * constant time, the content, or the time. It never throws, whatever the cookie says. The signature has to be written
 * exactly as `signSession` writes it. An empty key verifies nothing.
 *
 * @param nowMs - The current time, for tests.
 *
 * @example
 * ```ts
 * const session = verifySession(cookie, key);
 * const greeting = session === undefined ? "Please sign in" : `Hello ${session.user}`;
 * ```
 */
export function verifySession(
  cookie: string | undefined,
  key: SessionKey,
  nowMs: number = Date.now(),
): Session | undefined {
  // A caller without types may pass what a request without the cookie gives.
  if (typeof cookie !== "string") return undefined;
  const dot = cookie.indexOf(".");
  if (key.length === 0 || dot === -1) return undefined;
  const payload = cookie.slice(0, dot);
  if (!equals(cookie.slice(dot + 1), signatureOf(payload, key))) return undefined;
  const session = sessionIn(payload);
  if (session === undefined) return undefined;
  const isExpired = session.exp !== 0 && session.exp <= Math.floor(nowMs / 1000);
  return isExpired ? undefined : session;
}

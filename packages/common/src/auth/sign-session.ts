import { Buffer } from "node:buffer";
import type { Session, SessionKey } from "./session.js";
import { encodeSession } from "./session-json.js";
import { signatureOf } from "./signature.js";

/**
 * A cookie that carries a session, signed: `base64url(JSON).base64url(HMAC-SHA256(key, first part))`, without padding.
 * Anyone can read it, and only who has the key can make one. It is the same, byte for byte, as that of components in Go.
 *
 * @throws {RangeError} when the key is empty, or `exp` is no integer of at most 53 bits.
 *
 * @example
 * ```ts
 * const exp = Math.floor(Date.now() / 1000) + 3600;
 * const cookie = signSession({ user: "alice", email: "alice@example.com", exp }, "a secret of 32 random bytes");
 * ```
 */
export function signSession(session: Session, key: SessionKey): string {
  if (key.length === 0) throw new RangeError("the key is empty: give the secret that all components share");
  if (!Number.isSafeInteger(session.exp)) {
    throw new RangeError(`exp must be whole seconds since 1970, or 0 for never, not ${session.exp}`);
  }
  const payload = Buffer.from(encodeSession(session), "utf8").toString("base64url");
  return `${payload}.${signatureOf(payload, key)}`;
}

import { createHmac } from "node:crypto";
import type { SessionKey } from "./session.js";

/** HMAC-SHA256 of the first part of a cookie, as it stands there, in base64url. */
export const signatureOf = (payload: string, key: SessionKey): string =>
  createHmac("sha256", key).update(payload, "utf8").digest("base64url");

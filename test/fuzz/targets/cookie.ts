import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { signSession, verifySession } from "@cocoonstack/common/auth";
import { law, type Target } from "../core/target.js";

const key = "a key of thirty-two bytes or more";
const sign = (payload: string): string =>
  `${payload}.${createHmac("sha256", key).update(payload, "utf8").digest("base64url")}`;
const nowMs = Date.UTC(2026, 0, 1);

/**
 * `verifySession`: the input as a cookie as it is, and as the content of one that somebody with the key has signed, because
 * nothing else gets beyond the signature.
 */
export const cookie: Target = {
  name: "cookie",
  laws: "it never throws; nothing unsigned is a session; a session signs and reads as the same again",
  isJson: true,
  seeds: ['{"u":"alice","e":"alice@example.com","x":0}', '{"U":"b","x":1893456000,"e":null,"z":[{}]}', "a.b"],
  dictionary: [
    ...['"u":', '"e":', '"x":', "{", "}", "[", "]", ",", '"', "\\", "null", "\\u0000", "\\ud800", "1e3", "."],
    ...["-1", "9223372036854775807", "1893456000", '"\\u0075"'],
  ],
  attempt: (input) => {
    const text = input.toString("utf8");
    const unsigned = verifySession(text, key, nowMs);
    law(unsigned === undefined, "something unsigned is a session");
    const session = verifySession(sign(Buffer.from(text).toString("base64url")), key, nowMs);
    if (session === undefined || !Number.isSafeInteger(session.exp)) return;
    const again = verifySession(signSession(session, key), key, nowMs);
    law(
      JSON.stringify(again) === JSON.stringify(session),
      "a session reads differently when it is signed again",
    );
  },
};

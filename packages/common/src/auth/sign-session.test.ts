import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import { signSession } from "./sign-session.js";

const jsonIn = (cookie: string): string =>
  Buffer.from(cookie.split(".")[0] ?? "", "base64url").toString("utf8");

describe("signSession", () => {
  it.each(vectors["auth.sign"])("as the reference (%#)", ({ in: { session, key }, out }) => {
    expect(signSession({ user: session.u, email: session.e, exp: session.x }, key)).toBe(out);
  });

  it("takes the bytes of a key for its text", () => {
    const session = { user: "alice", email: "", exp: 0 };
    expect(signSession(session, new TextEncoder().encode("ké"))).toBe(signSession(session, "ké"));
  });

  it.each([
    ["<>&\u2028\u2029", "\\u003c\\u003e\\u0026\\u2028\\u2029"],
    ['"\\\b\f\n\r\t\0\u001f\u007f', '\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\u007f'],
    ["a\ud800b\udc00", "a\ufffdb\ufffd"],
    ["😀", "😀"],
  ])("writes %j as Go does", (user, written) => {
    const json = jsonIn(signSession({ user, email: "", exp: 0 }, "k"));
    expect(json).toBe(`{"u":"${written}","e":"","x":0}`);
  });

  it.each([
    ["", 0],
    [new Uint8Array(), 0],
  ])("refuses an empty key (%#)", (key, exp) => {
    expect(() => signSession({ user: "a", email: "", exp }, key)).toThrow(/key is empty/);
  });

  it.each([1.5, Number.NaN, Infinity, 2 ** 53])("refuses the expiry %d", (exp) => {
    expect(() => signSession({ user: "a", email: "", exp }, "k")).toThrow(RangeError);
  });
});

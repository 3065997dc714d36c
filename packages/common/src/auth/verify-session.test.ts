import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import { signatureOf } from "./signature.js";
import { signSession } from "./sign-session.js";
import { verifySession } from "./verify-session.js";

/** A cookie with a right signature, whatever its first part holds. */
const signed = (payload: string): string => `${payload}.${signatureOf(payload, "k")}`;
const withJson = (json: string): string => signed(Buffer.from(json, "utf8").toString("base64url"));

// A lone surrogate is no text in UTF-8, so it does not come back as it went in.
const text = fc.string({ unit: "grapheme" });
const session = fc.record({ user: text, email: text, exp: fc.constantFrom(0, 4102444800) });
const key = fc.string({ minLength: 1 });

describe("verifySession", () => {
  it("takes an absent cookie for what it is", () => {
    expect(verifySession(undefined, "k")).toBeUndefined();
  });

  it.each(vectors["auth.verify"])("as the reference (%#)", ({ in: input, out }) => {
    const expected = out === null ? undefined : { user: out.u, email: out.e, exp: out.x };
    expect(verifySession(input.cookie, input.key)).toEqual(expected);
  });

  it("gives back what was signed", () => {
    fc.assert(
      fc.property(session, key, (value, secret) => {
        expect(verifySession(signSession(value, secret), secret)).toEqual(value);
      }),
    );
  });

  it("takes no cookie with a bit changed", () => {
    const changed = fc.tuple(session, fc.nat(), fc.integer({ min: 0, max: 7 })).map(([value, at, bit]) => {
      const bytes = Buffer.from(signSession(value, "k"), "latin1");
      const index = at % bytes.length;
      bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
      return bytes.toString("latin1");
    });
    fc.assert(
      fc.property(changed, (cookie) => {
        expect(verifySession(cookie, "k")).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  it("takes no bit changed beyond the last byte of the signature, which base64 has room for", () => {
    const cookie = signSession({ user: "a", email: "", exp: 0 }, "k");
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const others = Array.from(alphabet, (last) => cookie.slice(0, -1) + last).filter(
      (other) => other !== cookie,
    );
    expect(others.filter((other) => verifySession(other, "k") !== undefined)).toEqual([]);
  });

  it("never throws", () => {
    const any = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }).map(signed),
      fc.json().map(withJson),
    );
    fc.assert(
      fc.property(any, fc.oneof(key, fc.constant("")), (cookie, secret) => {
        expect(() => verifySession(cookie, secret)).not.toThrow();
      }),
    );
  });

  it.each(["", "\ud800", ".", "..", "a", `${"a".repeat(43)}.\ud800`, `\ud800.${"é".repeat(43)}`])(
    "refuses %j",
    (cookie) => {
      expect(verifySession(cookie, "k")).toBeUndefined();
    },
  );

  it("refuses another key, and an empty one even if it signed", () => {
    const cookie = signSession({ user: "a", email: "", exp: 0 }, "k");
    expect(verifySession(cookie, "K")).toBeUndefined();
    const payload = "eyJ1IjoiIn0";
    expect(verifySession(`${payload}.${signatureOf(payload, "")}`, "")).toBeUndefined();
  });

  it.each([
    [1_700_000_001, true],
    [1_700_000_000, false],
    [1_699_999_999, false],
    [-1, false],
    [0, true],
  ])("at 1700000000 s, an expiry of %d holds: %s", (exp, holds) => {
    const cookie = signSession({ user: "a", email: "", exp }, "k");
    expect(verifySession(cookie, "k", 1_700_000_000_999) !== undefined).toBe(holds);
  });
});

const empty = { user: "", email: "", exp: 0 };

describe("a signed cookie, read as Go's encoding/json reads it", () => {
  it.each([
    ["{}", empty],
    ["null", empty],
    [' { "u" : "a" , "more" : {"u":[":"]} } ', { ...empty, user: "a" }],
    ['{"U":"a","E":"b","X":4102444800}', { user: "a", email: "b", exp: 4102444800 }],
    ['{"u":"a","u":"b"}', { ...empty, user: "b" }],
    ['{"u":"a","u":null,"e":null,"x":null}', { ...empty, user: "a" }],
    ['{"\\u0075":"\\u0061\\"\\ud800"}', { ...empty, user: 'a"\ufffd' }],
    ['{"x":9223372036854775807}', { ...empty, exp: 2 ** 63 }],
    ['{"x":-0}', empty],
  ])("%s is a session", (json, expected) => {
    expect(verifySession(withJson(json), "k")).toEqual(expected);
  });

  it.each([
    "",
    "{",
    "{} {}",
    "[]",
    '"a"',
    "true",
    '{"u":1}',
    '{"e":{}}',
    '{"u":["a"]}',
    '{"x":"0"}',
    '{"x":1.0}',
    '{"x":1e3}',
    '{"x":4102444800.5}',
    '{"x":true}',
    '{"x":9223372036854775808}',
    '{"u":1,"u":"a"}',
    '\ufeff{"u":"a"}',
  ])("%s is none", (json) => {
    expect(verifySession(withJson(json), "k")).toBeUndefined();
  });

  const payload = Buffer.from('{"u":"ab"}').toString("base64url"); // ten bytes, so four bits of the last digit are spare

  it.each([payload, `\r\n${payload.slice(0, 5)}\n${payload.slice(5)}\r`, `${payload.slice(0, -1)}R`])(
    "the first part may be %j",
    (part) => {
      expect(verifySession(signed(part), "k")?.user).toBe("ab");
    },
  );

  it.each([
    `${payload}==`,
    `${payload} `,
    ` ${payload}`,
    payload.replace("J", "+"),
    `${payload}A`,
    `${payload}AAA`,
  ])("the first part may not be %j", (part) => {
    expect(verifySession(signed(part), "k")).toBeUndefined();
  });
});

import fc from "fast-check";
import { expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import { envBool } from "./env-bool.js";
import { envDuration } from "./env-duration.js";
import { envOrDefault } from "./env-or-default.js";
import { parseDurationNs } from "./parse-duration.js";

it.each(vectors.envOrDefault)("envOrDefault $in.value", ({ in: { value, fallback }, out }) => {
  expect(envOrDefault("X", fallback, { X: value })).toBe(out);
});

it.each(vectors.envBool)("envBool $in.value, else $in.fallback", ({ in: { value, fallback }, out }) => {
  expect(envBool("X", fallback, { X: value })).toBe(out);
});

it.each(vectors.envDuration)("envDuration $in.value", ({ in: { value, fallbackNs }, out }) => {
  expect(String(parseDurationNs(value) ?? BigInt(fallbackNs))).toBe(out);
  expect(envDuration("X", fallbackNs / 1e6, { X: value })).toBe(Number(out) / 1e6);
});

it("unset and empty give the fallback", () => {
  for (const env of [{}, { X: "" }, { X: undefined }]) {
    expect(envOrDefault("X", "fb", env)).toBe("fb");
    expect(envBool("X", true, env)).toBe(true);
    expect(envDuration("X", 7, env)).toBe(7);
  }
});

it.each(["constructor", "toString", "__proto__"])("%s is unset, too, where nobody has set it", (name) => {
  expect(envOrDefault(name, "fb")).toBe("fb");
  expect(envBool(name, true)).toBe(true);
  expect(envDuration(name, 7)).toBe(7);
});

it.each(["1", "t", "T", "TRUE", "true", "True"])("%s is true", (word) => {
  expect(envBool("X", false, { X: word })).toBe(true);
});

it.each(["0", "f", "F", "FALSE", "false", "False"])("%s is false", (word) => {
  expect(envBool("X", true, { X: word })).toBe(false);
});

it.each(["tRUE", "yes", "on", " true", "toString", "constructor"])("%j is no truth value", (word) => {
  expect([envBool("X", true, { X: word }), envBool("X", false, { X: word })]).toEqual([true, false]);
});

it("what is finer than a millisecond comes out as a fraction", () => {
  expect(envDuration("X", 0, { X: "1500us" })).toBe(1.5);
});

it.each([
  ["9223372036854775807ns", 9223372036854775807n],
  ["-9223372036854775808ns", -9223372036854775808n],
  ["9223372036854775808ns", undefined],
  ["2562047h47m16.854775807s", 9223372036854775807n],
  ["2562047h47m16.854775808s", undefined],
  ["0.9223372036854775807h", 3320413933267n], // a fraction is a 64-bit float in Go
  ["0.3333333333333333333h", 1200000000000n],
  ["0.100000000000000000000h", 360000000000n],
  ["1.00000000000000000000000000000000000001s", 1000000000n],
  ["+5m0.5s", 300500000000n],
  ["1μs", 1000n],
  ["1µs", 1000n],
  ["39h9m14.425s", 140954425000000n],
  ["", undefined],
  ["3", undefined],
  ["-", undefined],
  ["s", undefined],
  [".", undefined],
  [".s", undefined],
  ["1s ", undefined],
  ["1S", undefined],
  ["--1s", undefined],
])("parseDurationNs(%j)", (text, ns) => {
  expect(parseDurationNs(text)).toBe(ns);
});

it("any whole count of nanoseconds survives, however it is split into units", () => {
  const count = fc.integer({ min: 0, max: 999_999 });
  fc.assert(
    fc.property(count, count, count, fc.boolean(), (h, ms, ns, negative) => {
      const total = BigInt(h) * 3_600_000_000_000n + BigInt(ms) * 1_000_000n + BigInt(ns);
      expect(parseDurationNs(`${negative ? "-" : ""}${h}h${ms}ms${ns}ns`)).toBe(negative ? -total : total);
    }),
  );
});

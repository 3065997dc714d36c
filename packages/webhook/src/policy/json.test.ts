import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonEqual } from "./json.js";

/** Other key order, and fresh objects throughout. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, shuffled(member)]),
  );
}

describe("jsonEqual", () => {
  it("agrees with a comparison of sorted text on any two JSON values", () => {
    const sorted = (value: unknown): string =>
      JSON.stringify(value, (_, member: unknown) =>
        typeof member === "object" && member !== null && !Array.isArray(member)
          ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
          : member,
      );
    const json = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(jsonEqual(a, b)).toBe(sorted(a) === sorted(b));
        expect(jsonEqual(a, shuffled(a))).toBe(true);
      }),
    );
  });

  it.each([
    [[], {}],
    [{}, null],
    [{ a: undefined }, { b: undefined }],
    [[1, 2], [1]],
    [{ a: 1 }, { a: 1, b: 2 }],
    ["1", 1],
    [JSON.parse('{"__proto__": 1}'), {}],
  ])("tells %j from %j", (a, b) => {
    expect(jsonEqual(a, b)).toBe(false);
    expect(jsonEqual(b, a)).toBe(false);
  });

  it("survives a nesting that would overflow the stack", () => {
    const deep = (): unknown => JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
    expect(jsonEqual(deep(), deep())).toBe(true);
  });
});

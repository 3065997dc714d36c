import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outsideStrings } from "./outside-strings.js";

const found = (text: string, from?: number): [string, number][] =>
  [...outsideStrings(text, /["{}]/g, from)].map(({ 0: match, index }) => [match, index]);

describe("outsideStrings", () => {
  it.each<[string, [string, number][]]>([
    [
      "{}",
      [
        ["{", 0],
        ["}", 1],
      ],
    ],
    [
      '{"}"}',
      [
        ["{", 0],
        ["}", 4],
      ],
    ],
    ['"\\"}"}', [["}", 5]]],
    [
      '"\\\\"}"',
      [
        ["}", 4],
        ['"', 5],
      ],
    ],
    [
      '{"}\\"}',
      [
        ["{", 0],
        ['"', 1],
      ],
    ],
  ])("finds in %j what counts", (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it("begins where it is told to", () => {
    expect(found('{"a":{}}', 5)).toEqual([
      ["{", 5],
      ["}", 6],
      ["}", 7],
    ]);
  });

  it("skips every string that JSON can hold", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('"', "\\", "{", "a", "\n") })), (strings) => {
        const text = strings.map((one) => `${JSON.stringify(one)}{`).join("");
        expect(found(text).map(([match]) => match)).toEqual(strings.map(() => "{"));
      }),
    );
  });

  it("may be asked for two texts in turns", () => {
    const pattern = /["{}]/g;
    const [one, other] = [outsideStrings("{ {", pattern), outsideStrings("    {", pattern)];
    const offsets = [one.next(), other.next(), one.next()].map(
      ({ value }) => (value as { index: number }).index,
    );
    expect(offsets).toEqual([0, 4, 2]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentsIn } from "./compose.js";
import { maxDepth } from "./limits.js";
import { parseJson } from "./parse-json.js";
import { plainValueOf } from "./plain-value.js";

const asYaml = (text: string): unknown => {
  const [document] = documentsIn(text);
  if (document === undefined) throw new Error("no document");
  expect(document.errors).toEqual([]);
  return plainValueOf(document);
};

describe("parseJson", () => {
  it("reads of JSON what is read of it as YAML", () => {
    const anything = fc.dictionary(
      fc.oneof(fc.string(), fc.string({ unit: "binary" })),
      fc.jsonValue({ maxDepth: 4 }),
    );
    fc.assert(
      fc.property(anything, fc.constantFrom(undefined, 2, "\t"), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(parseJson(text)?.value).toEqual(JSON.parse(text));
        expect(JSON.stringify(asYaml(text))).toBe(JSON.stringify(parseJson(text)?.value));
      }),
    );
  });

  it.each([
    ["a key twice", '{"a":{"b":1,"b":2}}'],
    ["YAML", "{a: 1}"],
    ["a list", "[{}]"],
    ["two objects", "{}{}"],
    ["what is nested too deeply", `${'{"a":'.repeat(maxDepth)}1${"}".repeat(maxDepth)}`],
  ])("leaves %s to others", (_, text) => {
    expect(parseJson(text)).toBeUndefined();
  });

  it.each([
    ['{"a":1e400}', 5],
    ['{"1e999":"1e999","a":[1e9,-1E+309]}', 26],
    [`{"a":${"9".repeat(400)}}`, 5],
  ])("refuses %s, where an API server would", (text, offset) => {
    expect(() => parseJson(text)).toThrow(
      expect.objectContaining({
        name: "UnreadableError",
        message: expect.stringMatching(/^cannot be read: this number/) as string,
        offset,
      }) as Error,
    );
  });

  it("is not misled by what stands in strings", () => {
    const value = { 'a":"b': ":::{{{[[[", "\\": '\\":' };
    expect(parseJson(JSON.stringify(value))).toEqual({ value, start: 0 });
  });
});

import { expect, it } from "vitest";
import { parseDocument } from "yaml";
import { offsetOf } from "./offset-of.js";

const text = "a:\n  b: [x, {c: 1}]\n  1: y\n";

it.each([
  ["a", "a:"],
  ["a b", "b:"],
  ["a b 0", "x,"],
  ["a b 1 c", "c:"],
  ["a 1", "1: y"],
  ["a b 2", "b:"],
  ["a b c", "b:"],
  ["z", "a:"],
])("the field %j begins at %j", (steps, beginning) => {
  const offset = offsetOf(parseDocument(text), steps.split(" "));
  expect(text.slice(offset, offset + beginning.length)).toBe(beginning);
});

it("a document of nothing begins at its beginning", () => {
  expect(offsetOf(parseDocument(""), ["a"])).toBe(0);
});

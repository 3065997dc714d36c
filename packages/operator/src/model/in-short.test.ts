import { expect, it } from "vitest";
import { inShort } from "./in-short.js";

it.each([
  [[], ""],
  [["a"], "a"],
  [["a", "b"], "a; b"],
  [["a", "b", "a"], "a; b"],
  [["a", "b", "c"], "a; b; and 1 more"],
  [["a", "b", "c", "d", "c"], "a; b; and 2 more"],
])("of %j two are said, each once, and how many more there are", (clauses, text) => {
  expect(inShort(clauses, 2)).toBe(text);
});

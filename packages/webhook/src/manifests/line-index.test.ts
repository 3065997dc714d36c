import { expect, it } from "vitest";
import { lineIndex } from "./line-index.js";

it("an offset is known by line and column, also at the ends of lines and of the text", () => {
  const at = lineIndex("ab\n\ncd\r\ne");
  expect([0, 2, 3, 4, 6, 8, 9].map(at).map(({ line, column }) => `${line}:${column}`)).toEqual([
    ...["1:1", "1:3", "2:1", "3:1", "3:3", "4:1", "4:2"],
  ]);
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { LineSplitter } from "./line-splitter.js";

it("finds the lines of a text, wherever it is cut", () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", ""));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(), { maxLength: 20 }), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((each) => `${each}\n`).join(""));
      const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const splitter = new LineSplitter(10_000);
      const found = at.slice(1).flatMap((end, index) => splitter.push(bytes.subarray(at[index], end)));
      expect(found).toEqual(lines.filter((each) => each !== ""));
    }),
  );
});

it("keeps what has no end yet", () => {
  const splitter = new LineSplitter(100);
  expect(splitter.push(Buffer.from("begun"))).toEqual([]);
  expect(splitter.push(Buffer.from(" and ended\nnext"))).toEqual(["begun and ended"]);
});

it("refuses a line that grows without end", () => {
  const splitter = new LineSplitter(10);
  splitter.push(Buffer.from("123456789"));
  expect(() => splitter.push(Buffer.from("12"))).toThrow("a line of the stream is longer than 10 bytes");
});

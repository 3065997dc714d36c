import fc from "fast-check";
import { expect, it } from "vitest";
import { DocumentSplitter, type Part } from "./split-documents.js";

function partsOf(...pieces: readonly string[]): readonly Part[] {
  const splitter = new DocumentSplitter();
  return [...pieces.flatMap((piece) => [...splitter.push(piece)]), ...splitter.end()];
}

it.each<[string, readonly string[]]>([
  ["a: 1\n---\nb: 2\n--- {c: 3}", ["a: 1\n", "---\nb: 2\n", "--- {c: 3}"]],
  ["a: 1\r\n---\r\nb: 2\r\n", ["a: 1\r\n", "---\r\nb: 2\r\n"]],
  ["# only\n%YAML 1.2\n---\na: 1\n", ["# only\n%YAML 1.2\n---\na: 1\n"]],
  ["a: 1\n...\n%YAML 1.2\n---\nb: 2\n", ["a: 1\n...\n", "%YAML 1.2\n---\nb: 2\n"]],
  ["a: ---\n ---\n---b\n", ["a: ---\n ---\n---b\n"]],
  ['{"a":1}\n\n{\n"b":2}\n{"c":3}', ['{"a":1}\n\n', '{\n"b":2}\n', '{"c":3}']],
  ['{"a":"}{"}\n{"b":"\\"{"}\n', ['{"a":"}{"}\n', '{"b":"\\"{"}\n']],
  ['{a: "\n{b\n"}\n', ['{a: "\n{b\n"}\n']],
  ["[]\n{b: 2}\n", ["[]\n{b: 2}\n"]],
  ["{a: 1}\nb: 2\n{c: 3}\n", ["{a: 1}\nb: 2\n{c: 3}\n"]],
  ["", []],
])("%j is cut to %j", (text, texts) => {
  const parts = partsOf(text);
  expect(parts.map((part) => part.text)).toEqual(texts);
  const before = texts.map((_, index) => texts.slice(0, index).join("").split("\n").length);
  expect(parts.map(({ line }) => line)).toEqual(before);
});

it("it does not matter in which pieces a text arrives, and nothing of it is lost", () => {
  const line = fc.constantFrom(
    "---\n",
    "...\n",
    "a: 1\n",
    "{\n",
    "}\n",
    '{"a":"}"}\r\n',
    "%YAML 1.2\n",
    "# x\n",
    "\n",
    '"\n',
    "--- x",
  );
  const pieces = fc.array(fc.array(line).map((lines) => lines.join("")));
  fc.assert(
    fc.property(pieces, (some) => {
      const whole = partsOf(some.join(""));
      expect(partsOf(...some)).toEqual(whole);
      expect(partsOf(...Array.from(some.join("")))).toEqual(whole);
      expect(whole.map(({ text }) => text).join("")).toBe(some.join(""));
    }),
  );
});

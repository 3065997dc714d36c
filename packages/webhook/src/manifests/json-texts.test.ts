import { expect, it } from "vitest";
import { jsonTexts } from "./json-texts.js";

it("objects that stand one after the other are told apart, whatever their strings hold", () => {
  const texts = ['{"a":"}{"}', '{"b":{"c":"\\""}}', "{}"];
  const parts = jsonTexts(`\uFEFF${texts.join("\n")}\n`);
  expect(parts?.map(({ text }) => text)).toEqual(texts);
  expect(parts?.map(({ offset }) => offset)).toEqual([1, 12, 29]);
});

it.each(["a: 1", "{a: 1}\n---\n{b: 1}", "{", "[{}]"])("%j is no row of JSON objects", (text) => {
  expect(jsonTexts(text)).toBeUndefined();
});

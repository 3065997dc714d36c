import { describe, expect, it } from "vitest";
import { numberIn } from "./yaml-numbers.js";

// test/e2e/check-yaml.test.ts holds them against kubectl itself.
describe("numberIn", () => {
  it.each([
    ["12", 12],
    ["-0", 0],
    ["010", 8],
    ["-012", -10],
    ["0o10", 8],
    ["09", 9],
    ["0b11", 3],
    ["0b-1", -1],
    ["-0X1f", -31],
    ["1_0", 10],
    ["0x_1F", 31],
    ["1e3", 1000],
    [".5", 0.5],
    ["5.", 5],
    ["010.5", 10.5],
    [".5_0", 0.5],
    ["0xffffffffffffffff", 2 ** 64],
    ["01777777777777777777777", 2 ** 64],
    ["-0x8000000000000000", -(2 ** 63)],
    ["-01000000000000000000001", -1e21],
  ])("takes %s for %d", (word, value) => {
    expect(numberIn(word)).toBe(value);
  });

  it.each([
    ..."_1 1:30 2026-01-31 0b2 0o8 0x - + . 1e 1e400 .5_ .5__0 ._5 +0b+1 0B-1 --1 1,000 inf 0x1p4".split(" "),
    "",
    "0x10000000000000000",
    "+0x8000000000000000",
    "-0x8000000000000001",
    " 1",
    "1\n2",
  ])("takes %j for text", (word) => {
    expect(numberIn(word)).toBeUndefined();
  });

  it("does not tire of long words", () => {
    for (const word of [`0x${"f".repeat(1_000_000)}`, `.${"5_".repeat(500_000)}`, "1".repeat(1_000_000)]) {
      expect(numberIn(word)).toBeUndefined();
    }
  });
});

import { describe, expect, it } from "vitest";
import { parseGoInteger } from "./go-integer.js";

describe("parseGoInteger", () => {
  it.each([
    ["0", 0],
    ["-0", 0],
    ["+5", 5],
    ["-5", -5],
    ["007", 7],
    [`${"0".repeat(100)}1`, 1],
    ["2147483648", 2147483648],
    ["9223372036854775807", 2 ** 63],
    ["-9223372036854775808", -(2 ** 63)],
  ])("reads %s", (text, value) => {
    expect(parseGoInteger(text, 64)).toBe(value);
  });

  it.each([
    "",
    "+",
    "-",
    "+-1",
    " 1",
    "1 ",
    "1\n",
    "1_000",
    "0x10",
    "1.0",
    "1e3",
    "２",
    "9223372036854775808",
    "-9223372036854775809",
    "9".repeat(40),
    // Answered at once, however long: a pod's annotations are anybody's.
    `${"0".repeat(250_000)}x`,
  ])("does not read %j", (text) => {
    expect(parseGoInteger(text, 64)).toBeUndefined();
  });

  it("knows how many bits there are", () => {
    expect(parseGoInteger("2147483647", 32)).toBe(2147483647);
    expect(parseGoInteger("2147483648", 32)).toBeUndefined();
    expect(parseGoInteger("-2147483648", 32)).toBe(-2147483648);
  });
});

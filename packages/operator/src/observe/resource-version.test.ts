import { expect, it } from "vitest";
import { isAtLeast } from "./resource-version.js";

it.each([
  ["1000", "999", true],
  ["999", "1000", false],
  ["7", "7", true],
  ["18446744073709551616", "18446744073709551615", true],
  // Of a server with other versions, nothing is known but equality.
  ["abc", "abb", false],
  ["abc", "abc", true],
  ["010", "9", false],
])("%s is at least %s: %s", (version, other, expected) => {
  expect(isAtLeast(version, other)).toBe(expected);
});

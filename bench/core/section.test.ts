import { describe, expect, it } from "vitest";
import { isFarOff } from "./section.js";

describe("isFarOff", () => {
  it.each([
    [0.46, { atLeast: 0.9 }, false],
    [0.44, { atLeast: 0.9 }, true],
    [1.9, { atMost: 1 }, false],
    [2.1, { atMost: 1 }, true],
  ])("of %d where %j is wanted is %s", (measured, wanted, expected) => {
    expect(isFarOff({ name: "a ratio", measured, wanted })).toBe(expected);
  });

  it("is never said of what another machine would do better", () => {
    expect(isFarOff({ name: "a rate", measured: 1, wanted: { atLeast: 100 }, isAbsolute: true })).toBe(false);
  });
});

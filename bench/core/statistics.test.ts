import { describe, expect, it } from "vitest";
import { pairedRatio, spreadOf } from "./statistics.js";

describe("spreadOf", () => {
  it.each([
    [[7], { median: 7, least: 7, most: 7 }],
    [[3, 1, 2], { median: 2, least: 1, most: 3 }],
    [[10, 9, 100, 1], { median: 9.5, least: 1, most: 100 }],
  ])("of %j is %j", (samples, spread) => {
    expect(spreadOf(samples)).toEqual(spread);
  });

  it("refuses to speak of nothing", () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe("pairedRatio", () => {
  it("is not moved by a round in which the machine was slow for both", () => {
    expect(pairedRatio([10, 1000, 10], [5, 500, 5]).median).toBe(2);
  });
});

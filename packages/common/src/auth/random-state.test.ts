import { describe, expect, it } from "vitest";
import { randomState } from "./random-state.js";

describe("randomState", () => {
  it("is 32 hexadecimal digits, and another one each time", () => {
    const states = Array.from({ length: 100 }, randomState);
    expect(states.filter((state) => !/^[0-9a-f]{32}$/.test(state))).toEqual([]);
    expect(new Set(states).size).toBe(100);
  });
});

import { describe, expect, it } from "vitest";
import { BodyBudget } from "./body-budget.js";

const kib = 1024;

describe("BodyBudget", () => {
  it("bounds what bodies hold beyond their first 64 KiB, and gets it back", () => {
    const budget = new BodyBudget(100 * kib);
    const [first, second] = [budget.open(), budget.open()];
    expect(first.grow(164 * kib)).toBe(true);
    expect(second.grow(64 * kib)).toBe(true);
    expect(second.grow(65 * kib)).toBe(false);
    first.close();
    expect(second.grow(164 * kib)).toBe(true);
    expect(second.grow(164 * kib + 1)).toBe(false);
  });

  it("counts what grows once, and gives back only once", () => {
    const budget = new BodyBudget(100 * kib);
    const first = budget.open();
    for (const length of [65, 100, 164]) expect(first.grow(length * kib)).toBe(true);
    first.close();
    first.close();
    const [second, third] = [budget.open(), budget.open()];
    expect(second.grow(164 * kib)).toBe(true);
    expect(third.grow(65 * kib)).toBe(false);
  });
});

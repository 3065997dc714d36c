import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namesInBrief } from "./names-in-brief.js";

describe("namesInBrief", () => {
  it.each([
    [["a"], 0, "a"],
    [["a", "b"], 0, "a and b"],
    [["a", "b", "c"], 0, "a, b and c"],
    [["a", "b"], 7, "a, b and 7 more"],
  ])("writes %j and %i further as %s", (names, further, text) => {
    expect(namesInBrief(names, further)).toBe(text);
  });

  it("stays short, names at least one, and accounts for all", () => {
    const name = fc.stringMatching(/^[a-z]{1,40}$/);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 30 }), fc.nat(1000), (names, further) => {
        const text = namesInBrief(names, further);
        const more = Number(/(\d+) more$/.exec(text)?.[1] ?? 0);
        const shown = text.split(/, | and /).length - (more > 0 ? 1 : 0);
        expect(shown + more).toBe(names.length + further);
        expect(shown).toBeGreaterThan(0);
        expect(shown === 1 || text.length <= 90).toBe(true);
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import type { Annotations } from "./annotated.js";
import { readCocoonSetGeneration, stampCocoonSetGeneration } from "./generation.js";

const podWith = (annotations: unknown): { metadata: { annotations: Annotations | null } } => ({
  metadata: { annotations: annotations as Annotations | null },
});

describe("readCocoonSetGeneration", () => {
  it.each(vectors.readCocoonSetGeneration)("as the reference (%#)", ({ in: input, out }) => {
    expect(readCocoonSetGeneration(podWith(input.annotations))).toBe(out);
  });

  it.each([
    ["+5", 5],
    ["-5", -5],
    ["007", 7],
    ["1_000", 0],
    ["9223372036854775808", 0],
    ["7.0", 0],
  ])("reads '%s' as %d", (text, generation) => {
    expect(readCocoonSetGeneration(podWith({ "cocoonset.cocoonstack.io/generation": text }))).toBe(
      generation,
    );
  });
});

describe("stampCocoonSetGeneration", () => {
  it.each(vectors.stampCocoonSetGeneration)("as the reference (%#)", ({ in: input, out }) => {
    expect(stampCocoonSetGeneration(podWith(input.annotations), input.generation)).toEqual(out);
  });

  it.each([1.5, NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 53), 2 ** 63])("refuses %d", (generation) => {
    const stamp = (): unknown => stampCocoonSetGeneration({}, generation);
    expect(stamp).toThrow(RangeError);
    expect(stamp).toThrow(`a generation must be an integer below 2^53, not ${generation}`);
  });

  it("is read back", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (generation) => {
        const pod = podWith(stampCocoonSetGeneration({}, generation));
        expect(readCocoonSetGeneration(pod)).toBe(generation);
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Place, UnderWay } from "./under-way.js";

describe("UnderWay", () => {
  it("holds what has begun and not ended, in its order", () => {
    // Each step begins something, or ends the one of that number, if it is still there.
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.nat({ max: 20 }), { nil: undefined }), { maxLength: 60 }),
        (steps) => {
          const underWay = new UnderWay<number>();
          const places = new Map<number, Place<number>>();
          const expected = new Set<number>();
          for (const [index, ended] of steps.entries()) {
            if (ended === undefined) {
              places.set(index, underWay.begin(index));
              expected.add(index);
            } else {
              const place = places.get(ended);
              if (place !== undefined) underWay.end(place);
              expected.delete(ended);
            }
            expect([...underWay]).toEqual([...expected]);
            expect(underWay.size).toBe(expected.size);
          }
        },
      ),
    );
  });

  it("goes through those that are there, whatever ends meanwhile", () => {
    const underWay = new UnderWay<string>();
    const places = ["a", "b", "c"].map((item) => underWay.begin(item));
    const seen: string[] = [];
    for (const item of underWay) {
      seen.push(item);
      for (const place of places) underWay.end(place);
    }
    expect(seen).toEqual(["a", "b", "c"]);
    expect(underWay.size).toBe(0);
  });
});

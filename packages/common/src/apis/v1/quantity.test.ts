import { describe, expect, it } from "vitest";
import vectors from "../../../../../test/data/vectors.json" with { type: "json" };
import { parsesAsQuantity } from "./index.js";

describe("parsesAsQuantity", () => {
  it.each(vectors.quantityString.map((vector) => vector.in.quantity))("reads %s", (text) => {
    expect(parsesAsQuantity(text)).toBe(true);
  });

  it.each(["0", "+5", "-.5Gi", "1n", "1u", "5E", "5Ei", "5e-3", "1E+6", " 5 ", "Gi", "."])(
    "reads '%s'",
    (text) => {
      expect(parsesAsQuantity(text)).toBe(true);
    },
  );

  it.each(["", " ", "x", "10GB", "10 Gi", "1e", "1e+", "1e2.5", "1K", "1.2.3", "--1", "1Gi2", "0x10", "１"])(
    "does not read '%s'",
    (text) => {
      expect(parsesAsQuantity(text)).toBe(false);
    },
  );

  it("takes linear time on hostile text", () => {
    const started = performance.now();
    expect(parsesAsQuantity(`${"0".repeat(1_000_000)}!`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

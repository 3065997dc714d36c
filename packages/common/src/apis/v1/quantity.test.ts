import fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../../../../test/data/vectors.json" with { type: "json" };
import { parseQuantity, parsesAsQuantity } from "./index.js";

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

  it.each([
    "",
    " ",
    "x",
    "10GB",
    "10 Gi",
    "1e",
    "1e+",
    "1e2.5",
    "1K",
    "1.2.3",
    "--1",
    "1Gi2",
    "0x10",
    "１",
    "Ei",
    ".5EiB",
    "1e9223372036854775808",
  ])("does not read '%s'", (text) => {
    expect(parsesAsQuantity(text)).toBe(false);
  });

  it("says of every text whether parseQuantity reads it", () => {
    const nearly = fc
      .array(fc.constantFrom(..."0159.+-eEKMGTPinumk x".split("")), { maxLength: 24 })
      .map((characters) => characters.join(""));
    fc.assert(
      fc.property(nearly, (text) => {
        expect(parsesAsQuantity(text)).toBe(parseQuantity(text) !== undefined);
      }),
      { numRuns: 2000 },
    );
  });

  // In the square of their length, these take longer than a test may.
  it("takes linear time on hostile text", () => {
    expect(parsesAsQuantity(`${"0".repeat(1_000_000)}!`)).toBe(false);
  });

  it.each([" ".repeat(1_000_000) + "x", `1e${"9".repeat(1_000_000)}`])("and refuses it (%#)", (text) => {
    expect(parsesAsQuantity(text)).toBe(false);
  });
});

describe("parseQuantity", () => {
  it.each([
    ["1.5k", 15n, 2, "decimal"],
    ["0.5Ki", 5120n, -1, "binary"],
    ["-2e3", -2n, 3, "exponent"],
    ["8Ki", 8192n, 0, "binary"],
    ["123456789012345678901234567890", 123456789012345678901234567890n, 0, "decimal"],
    // Away from zero to whole nanos, however small.
    ["0.1n", 1n, -9, "decimal"],
    ["-0.1n", -1n, -9, "decimal"],
    ["1.0000000001", 1_000_000_001n, -9, "decimal"],
    ["5e-2000000000", 1n, -9, "exponent"],
    // Binary quantities end at the largest 64-bit integer.
    ["16Ei", 2n ** 63n - 1n, 0, "binary"],
    ["-16Ei", -(2n ** 63n - 1n), 0, "binary"],
  ])("%s is %d × 10^%d", (text, mantissa, exponent, format) => {
    expect(parseQuantity(text)).toMatchObject({ mantissa, exponent, format });
  });

  it("is undefined for anything else", () => {
    expect(parseQuantity("ten")).toBeUndefined();
  });
});

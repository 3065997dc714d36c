import fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../../../test/data/vectors.json" with { type: "json" };
import { parseQuantity } from "../apis/v1/index.js";
import { quantityString } from "./quantity-string.js";

/** The value in nanos: an integer that two quantities share exactly when they are equal. */
function nanos(text: string): bigint {
  const parsed = parseQuantity(text);
  if (parsed === undefined) throw new Error(`no quantity: ${text}`);
  return parsed.mantissa * 10n ** BigInt(parsed.exponent + 9);
}

describe("quantityString", () => {
  it.each(vectors.quantityString)("$in.quantity → $out", (vector) => {
    expect(quantityString(vector.in.quantity)).toBe(vector.out);
  });

  // Answers of Go's resource.Quantity, apimachinery v0.35.4.
  it.each([
    ["9007199254740993", "9007199254740993"],
    ["999999999999999999", "999999999999999999"],
    ["9223372036854775807Ki", "9223372036854775807"],
    ["7.9999999999999999Ei", "9223372036854775692707849540n"],
    ["0.1", "100m"],
    ["0.500", "500m"],
    ["1.5Gi", "1536Mi"],
    ["512Ki", "512Ki"],
    ["1024", "1024"],
    ["0.0000000001", "1n"],
    ["10e2", "1e3"],
    ["1000e3", "1e6"],
    ["1E", "1E"],
    ["1000E", "1"],
    ["-0.5Gi", "-512Mi"],
    ["0.5", "500m"],
    ["0.0001Ki", "102400u"],
    ["+5", "+5"],
    ["007", "007"],
    [" 2048Ki ", "2Mi"],
    ["Gi", "0"],
    ["-0", "0"],
  ])("%s → %s", (text, canonical) => {
    expect(quantityString(text)).toBe(canonical);
  });

  it("takes a number, as JSON may hold one", () => {
    expect(quantityString(5000)).toBe("5k");
  });

  it("names what is no quantity, and the way out", () => {
    expect(() => quantityString("10GB")).toThrow(
      new RangeError("'10GB' is no quantity: write a number and a unit, such as 20Gi or 500m"),
    );
  });

  const digits = fc.stringMatching(/^[0-9]{1,18}$/);
  // Without E: from 1000E on Go leaves the suffix out, and the value with it.
  const suffix = fc.constantFrom(..."n u m k M G T P Ki Mi Gi Ti Pi Ei e3 e-4 E12 e0".split(" "), "");
  const quantity = fc
    .tuple(fc.constantFrom("", "-"), digits, fc.option(digits, { nil: undefined }), suffix)
    .map(
      ([sign, whole, fraction, unit]) =>
        `${sign}${whole}${fraction === undefined ? "" : `.${fraction}`}${unit}`,
    )
    .filter((text) => nanos(text) < 10n ** 30n && nanos(text) > -(10n ** 30n));

  it("keeps the value exactly, and is idempotent", () => {
    fc.assert(
      fc.property(quantity, (text) => {
        const canonical = quantityString(text);
        expect(nanos(canonical)).toBe(nanos(text));
        expect(quantityString(canonical)).toBe(canonical);
      }),
    );
  });

  // Written out, these are up to two thousand million digits, which take longer than a test may.
  it("takes no more than moderate time on hostile text", () => {
    for (const text of [
      `1${"0".repeat(100_000)}1`,
      "5e2000000000",
      "5e-2000000000",
      `${"9".repeat(100_000)}Ei`,
    ]) {
      quantityString(text);
    }
  });
});

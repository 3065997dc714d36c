import { type ParsedQuantity, parseQuantity } from "../apis/v1/index.js";

const decimalSuffixes = new Map(
  ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"].map((suffix, index) => [index * 3 - 9, suffix]),
);
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** The whole number that this is, or undefined where it has a fraction. */
function wholeNumber({ mantissa, exponent }: ParsedQuantity): bigint | undefined {
  if (exponent >= 0) return mantissa * 10n ** BigInt(exponent);
  const divisor = 10n ** BigInt(-exponent);
  return mantissa % divisor === 0n ? mantissa / divisor : undefined;
}

function binaryString(value: bigint): string {
  let rest = value;
  let power = 0;
  while (rest % 1024n === 0n) {
    rest /= 1024n;
    power++;
  }
  return `${rest}${binarySuffixes[power] ?? ""}`;
}

// A loop, because /0+$/ takes quadratic time on a long row of zeros that is not the last.
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}

function decimalString({ mantissa, exponent, format }: ParsedQuantity): string {
  const digits = mantissa.toString();
  const significant = withoutTrailingZeros(digits);
  const power = exponent + digits.length - significant.length;
  const excess = ((power % 3) + 3) % 3;
  const number = significant + "0".repeat(excess);
  const thousands = power - excess;
  if (format === "exponent") return thousands === 0 ? number : `${number}e${thousands}`;
  // There is no suffix beyond E, and Go then writes none: 1000E becomes 1. Whoever reads it has to see what Go shows.
  return number + (decimalSuffixes.get(thousands) ?? "");
}

/**
 * A quantity in Kubernetes' canonical form, byte for byte what Go's `resource.Quantity` gives: no fraction, the largest
 * suffix of its family (`n` to `E`, `Ki` to `Ei`, or a power of ten). Exact at any size, except that below `1n`
 * everything becomes `1n`. A text that Kubernetes takes for canonical at first sight stays as it is, such as `88.237`.
 *
 * @throws {RangeError} when it is no quantity; `parsesAsQuantity` of `apis/v1` asks first, and decoded objects hold none.
 *
 * @example
 * ```ts
 * quantityString("1024Mi"); // "1Gi"
 * quantityString("0.5Gi"); // "512Mi"
 * quantityString(2000); // "2k"
 * ```
 */
export function quantityString(quantity: string | number): string {
  const parsed = parseQuantity(String(quantity));
  if (parsed === undefined) {
    throw new RangeError(`'${quantity}' is no quantity: write a number and a unit, such as 20Gi or 500m`);
  }
  if (parsed.keptText !== undefined) return parsed.keptText;
  if (parsed.mantissa === 0n) return "0";
  const whole = parsed.format === "binary" ? wholeNumber(parsed) : undefined;
  if (whole !== undefined && magnitude(whole) >= 1024n) return binaryString(whole);
  return decimalString(parsed.format === "binary" ? { ...parsed, format: "decimal" } : parsed);
}

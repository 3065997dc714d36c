/**
 * A decimal integer as Go's `strconv.ParseInt(text, 10, bits)` reads it, which is `Atoi` for 64 bits: a sign and leading
 * zeros are fine; spaces, underscores, other digits than ASCII's and values that do not fit are not. Undefined where Go
 * reports an error. What is beyond 2^53 comes as the nearest number.
 */
export function parseGoInteger(text: string, bits: 32 | 64): number | undefined {
  // Two steps, because one expression for both would try every split of a long run of zeros.
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const digits = text.replace(/^[+-]?0*(?=[0-9])/, "");
  if (digits.length > 19) return undefined;
  const value = text.startsWith("-") ? -BigInt(digits) : BigInt(digits);
  return value === BigInt.asIntN(bits, value) ? Number(value) : undefined;
}

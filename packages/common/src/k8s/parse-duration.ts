const unitNs = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["µs", 1_000n], // U+00B5, micro sign
  ["μs", 1_000n], // U+03BC, Greek letter mu
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

const maxInt64 = (1n << 63n) - 1n;
const term = /([0-9]*)(?:\.([0-9]*))?([a-zµμ]+)/y;

/**
 * A duration in Go's syntax (`time.ParseDuration`: `1h30m`, `1.5s`, `-300ms`, `0`) in nanoseconds, exact to the
 * nanosecond; undefined when Go would refuse it, which includes everything that overflows 64 bits (some 292 years).
 *
 * @example
 * ```ts
 * parseDurationNs("1m30s"); // 90_000_000_000n
 * parseDurationNs("90"); // undefined: the unit is missing
 * ```
 */
export function parseDurationNs(text: string): bigint | undefined {
  const negative = text.startsWith("-");
  const unsigned = /^[-+]/.test(text) ? text.slice(1) : text;
  if (unsigned === "0") return 0n;
  const total = sumOfTerms(unsigned);
  if (total === undefined) return undefined;
  if (negative) return -total;
  // The smallest 64-bit integer has no positive counterpart.
  return total > maxInt64 ? undefined : total;
}

function sumOfTerms(text: string): bigint | undefined {
  if (text === "") return undefined;
  let total = 0n;
  term.lastIndex = 0;
  while (term.lastIndex < text.length) {
    const match = term.exec(text);
    const value = match === null ? undefined : termNs(match[1] ?? "", match[2] ?? "", match[3] ?? "");
    if (value === undefined) return undefined;
    total += value;
    if (total > maxInt64 + 1n) return undefined;
  }
  return total;
}

function termNs(whole: string, fraction: string, unitName: string): bigint | undefined {
  const unit = unitNs.get(unitName);
  if (unit === undefined || (whole === "" && fraction === "")) return undefined;
  return BigInt(whole) * unit + fractionNs(fraction, unit);
}

/**
 * Go multiplies the fraction as a 64-bit float, after dropping the digits that overflow 63 bits. The same steps give the
 * same nanoseconds.
 */
function fractionNs(digits: string, unit: bigint): bigint {
  let fraction = 0n;
  let scale = 1;
  for (const digit of digits) {
    const next = fraction * 10n + BigInt(digit);
    if (fraction > maxInt64 / 10n || next > maxInt64 + 1n) break;
    fraction = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(fraction) * (Number(unit) / scale)));
}

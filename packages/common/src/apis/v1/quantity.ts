/**
 * How a quantity was written, which decides how Kubernetes writes it again: `decimal` (`12M`), `binary` (`12Mi`) or
 * `exponent` (`12e6`).
 *
 * @example
 * ```ts
 * const format: QuantityFormat | undefined = parseQuantity("12Mi")?.format; // "binary"
 * ```
 */
export type QuantityFormat = "decimal" | "binary" | "exponent";

/**
 * A quantity as Kubernetes understands it: `mantissa × 10^exponent`, exactly.
 *
 * @example
 * ```ts
 * parseQuantity("1.5k"); // { mantissa: 15n, exponent: 2, format: "decimal", keptText: undefined }
 * ```
 */
export interface ParsedQuantity {
  readonly mantissa: bigint;
  readonly exponent: number;
  readonly format: QuantityFormat;
  /** The text, where Kubernetes takes it for canonical at first sight and never formats it again: `5.`, `88.237`. */
  readonly keptText: string | undefined;
}

/** Sign, digits, decimals; the unit, or a power of ten. */
const quantityForm =
  /^(?<sign>[+-]?)(?<whole>[0-9]*)(?:\.(?<fraction>[0-9]*))?(?<suffix>[numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$/;

/** As nearly everybody writes it; one look tells, without taking it apart. */
const plainForm = /^[0-9]{1,15}(?:[numkMGTPE]|[KMGTPE]i)?$/;

const decimalExponents = new Map(
  Object.entries({ n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }),
);
const binaryExponents = new Map(Object.entries({ Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 }));

const nano = -9;
const maxInt64 = (1n << 63n) - 1n;

/** The text, taken apart, and the way that Go's parser takes with it. */
interface Parts {
  readonly text: string;
  readonly negative: boolean;
  /** Without leading zeros; `0` where there are no digits before the point. */
  readonly whole: string;
  readonly fraction: string;
  readonly hasDigits: boolean;
  readonly format: QuantityFormat;
  /** Power of ten, or of two in the binary format. */
  readonly power: number;
}

// Loops, because a pattern with spaces at both ends takes quadratic time on a long row of them.
function trimSpaces(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === " ") start++;
  while (end > start && text[end - 1] === " ") end--;
  return text.slice(start, end);
}

/** `e6`, `E-3`: 64 bits are read and 32 are kept, as in Go. */
function powerOfTen(suffix: string): number | undefined {
  const digits = suffix.replace(/^[eE][+-]?0*/, "");
  if (digits.length > 19) return undefined;
  const power = suffix[1] === "-" ? -BigInt(digits) : BigInt(digits);
  return power === BigInt.asIntN(64, power) ? Number(BigInt.asIntN(32, power)) : undefined;
}

function unitOf(suffix: string): Pick<Parts, "format" | "power"> | undefined {
  const decimal = decimalExponents.get(suffix);
  if (decimal !== undefined) return { format: "decimal", power: decimal };
  const binary = binaryExponents.get(suffix);
  if (binary !== undefined) return { format: "binary", power: binary };
  const power = powerOfTen(suffix);
  return power === undefined ? undefined : { format: "exponent", power };
}

function partsOf(text: string): Parts | undefined {
  const groups = quantityForm.exec(text)?.groups;
  const { sign, whole = "", fraction = "", suffix = "" } = groups ?? {};
  const unit = groups === undefined ? undefined : unitOf(suffix);
  if (unit === undefined) return undefined;
  const significant = whole.replace(/^0+/, "");
  return {
    text,
    negative: sign === "-",
    whole: significant === "" ? "0" : significant,
    fraction,
    hasDigits: whole + fraction !== "",
    ...unit,
  };
}

function takeApart(untrimmed: string): Parts | undefined {
  const text = trimSpaces(untrimmed);
  const parts = text === "" ? undefined : partsOf(text);
  if (parts === undefined) return undefined;
  // Go counts missing digits as zero (`Gi` is nought), but only where 64 bits seem enough to it.
  return parts.hasDigits || seemsSmall(parts) ? parts : undefined;
}

const decimalScale = ({ power, fraction }: Parts): number => (power - fraction.length) | 0;

/** Whether Go calculates in 64 bits. The choice shows: only then does it keep a text, and accept missing digits. */
function seemsSmall(parts: Parts): boolean {
  const { format, whole, fraction, power } = parts;
  if (format === "binary") return fraction === "" && whole.length + (power * 3) / 10 <= 14;
  return whole.length + fraction.length <= 18 && decimalScale(parts) >= nano;
}

function parseSmall(parts: Parts): ParsedQuantity {
  const digits = parts.whole + parts.fraction;
  const value = BigInt(digits);
  const signed = parts.negative ? -value : value;
  const binary = parts.format === "binary";
  const scale = binary ? 0 : decimalScale(parts);
  const keeps = binary
    ? (value & 7n) !== 0n
    : scale % 3 === 0 && !digits.endsWith("000") && !digits.startsWith("0");
  return {
    mantissa: binary ? signed << BigInt(parts.power) : signed,
    exponent: scale,
    format: parts.format,
    keptText: keeps ? parts.text : undefined,
  };
}

/** Rounds away from zero to whole nanos: who asks for something is to get something. */
function roundUpToNano(mantissa: bigint, exponent: number): Pick<ParsedQuantity, "mantissa" | "exponent"> {
  if (mantissa === 0n) return { mantissa, exponent: 0 };
  if (exponent >= nano) return { mantissa, exponent };
  const excess = nano - exponent;
  // A power of ten that is surely larger than the mantissa need not be calculated; `5e-2000000000` would take hours.
  if (excess > mantissa.toString().length) return { mantissa: 1n, exponent: nano };
  const divisor = 10n ** BigInt(excess);
  return { mantissa: (mantissa + divisor - 1n) / divisor, exponent: nano };
}

function parseLarge(parts: Parts): ParsedQuantity {
  const binary = parts.format === "binary";
  const value = BigInt(parts.whole + parts.fraction);
  const rounded = binary
    ? roundUpToNano(value << BigInt(parts.power), -parts.fraction.length)
    : roundUpToNano(value, parts.power - parts.fraction.length);
  const { mantissa, exponent } = binary ? capped(rounded) : rounded;
  return {
    mantissa: parts.negative ? -mantissa : mantissa,
    exponent,
    format: parts.format,
    keptText: undefined,
  };
}

/** Binary quantities end at 2^63 − 1. */
function capped(value: Pick<ParsedQuantity, "mantissa" | "exponent">): typeof value {
  const { mantissa, exponent } = value;
  return mantissa > maxInt64 * 10n ** BigInt(-exponent) ? { mantissa: maxInt64, exponent: 0 } : value;
}

/**
 * Reads a quantity as Kubernetes' Go types do, exactly: rounded away from zero to whole nanos, and binary ones capped at
 * 2^63 − 1. Undefined where Go refuses the text.
 *
 * @example
 * ```ts
 * parseQuantity("0.5Ki")?.mantissa; // 5120n, with an exponent of -1
 * parseQuantity("10GB"); // undefined
 * ```
 */
export function parseQuantity(text: string): ParsedQuantity | undefined {
  const parts = takeApart(text);
  if (parts === undefined) return undefined;
  return seemsSmall(parts) ? parseSmall(parts) : parseLarge(parts);
}

/**
 * Whether Kubernetes' Go types read `text` as a quantity. They read more than the CRD's pattern lets through (`Gi` is
 * nought), and this follows them, because a decoder that is stricter than theirs would refuse what they store.
 *
 * @example
 * ```ts
 * parsesAsQuantity("0.5Gi"); // true
 * parsesAsQuantity("10 GB"); // false
 * ```
 */
export const parsesAsQuantity = (text: string): boolean =>
  plainForm.test(text) || takeApart(text) !== undefined;

/**
 * The number that a plain word of YAML is to kubectl; undefined for any other text. kubectl reads YAML by go-yaml 2, with the numbers
 * of YAML 1.1 and 1.2 alike: a leading 0 is octal as `0o` is, `0b` is binary, and underscores count for nothing. `1:30` is text.
 *
 * @example
 * numberIn("010"); // 8
 * numberIn("09"); // 9, as there is no such octal number
 * numberIn("1e400"); // undefined: it does not fit
 */
export function numberIn(word: string): number | undefined {
  if (!/^[-+.\d]/.test(word)) return undefined;
  // Behind a point at the front, underscores are those of Go: single, and between digits.
  if (/^\.(?:.*\D)?_|^\..*_(?:\D|$)/.test(word)) return undefined;
  const plain = word.replaceAll("_", "");
  return decimalInteger(plain) ?? prefixedInteger(plain) ?? fraction(plain);
}

const decimalInteger = (plain: string): number | undefined =>
  /^[-+]?(?:0|[1-9]\d*)$/.test(plain) ? finite(plain) : undefined;

const radixes = [
  { prefix: "0b", digits: /^([-+]?)0b([01]+)$/i },
  // Only here, go-yaml takes a sign behind the prefix as well.
  { prefix: "0b", digits: /^0b([-+])([01]+)$/ },
  { prefix: "0o", digits: /^([-+]?)0o?([0-7]+)$/i },
  { prefix: "0x", digits: /^([-+]?)0x([\da-f]+)$/i },
] as const;

function prefixedInteger(plain: string): number | undefined {
  for (const { prefix, digits } of radixes) {
    const [, sign, magnitude] = digits.exec(plain) ?? [];
    if (sign !== undefined && magnitude !== undefined) return integer(sign, BigInt(`${prefix}${magnitude}`));
  }
  return undefined;
}

/** What fits into 64 bits: without a sign, all of them are there for the number. */
function integer(sign: string, magnitude: bigint): number | undefined {
  const most = sign === "" ? 2n ** 64n - 1n : sign === "-" ? 2n ** 63n : 2n ** 63n - 1n;
  if (magnitude > most) return undefined;
  return withoutSignOfZero(Number(sign === "-" ? -magnitude : magnitude));
}

const fraction = (plain: string): number | undefined =>
  /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i.test(plain) ? finite(plain) : undefined;

function finite(plain: string): number | undefined {
  const value = Number(plain);
  return Number.isFinite(value) ? withoutSignOfZero(value) : undefined;
}

/** JSON has `-0`, but who reads a whole number there reads 0. */
const withoutSignOfZero = (value: number): number => (value === 0 ? 0 : value);

import { maxDepth } from "./limits.js";
import { outsideStrings } from "./outside-strings.js";
import { UnreadableError } from "./plain-value.js";

/**
 * The value of a JSON text, many times faster than as YAML. Undefined for everything that has to be looked at more closely: what
 * is no JSON, has a key twice in one object or is nested too deeply.
 *
 * @returns the value, and the offset at which it begins
 * @throws {UnreadableError} when a number does not fit: of YAML, kubectl would take it for text, but of JSON it takes nothing.
 */
export function parseJson(text: string): { readonly value: unknown; readonly start: number } | undefined {
  const shape = shapeOf(text);
  if (shape === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { members, areFinite } = contentOf(value);
  if (!areFinite)
    throw new UnreadableError(
      "cannot be read: this number is larger than any that an API server reads",
      offsetOfInfinity(text),
    );
  // JSON.parse lets the later one of two equal keys win, and then there are fewer members than colons.
  return members === shape.colons ? { value, start: text.indexOf("{") } : undefined;
}

/** What stands outside of strings; undefined for a text that is no object, or nested too deeply. */
function shapeOf(text: string): { readonly colons: number } | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  let [colons, depth] = [0, 0];
  for (const [mark] of outsideStrings(text, /[":[\]{}]/g)) {
    if (mark === ":") colons++;
    else if (mark === "{" || mark === "[") depth++;
    else if (mark === "}" || mark === "]") depth--;
    if (depth >= maxDepth) return undefined;
  }
  return { colons };
}

interface Content {
  /** How many members all objects have together. */
  readonly members: number;
  /** JSON.parse makes `Infinity` of a number that is too large. */
  readonly areFinite: boolean;
}

function contentOf(value: unknown): Content {
  let [members, areFinite] = [0, true];
  const visit = (one: unknown): void => {
    if (one === Infinity || one === -Infinity) areFinite = false;
    if (typeof one !== "object" || one === null) return;
    const inner: unknown[] = Object.values(one);
    if (!Array.isArray(one)) members += inner.length;
    inner.forEach(visit);
  };
  visit(value);
  return { members, areFinite };
}

function offsetOfInfinity(text: string): number {
  for (const { 0: number, index } of outsideStrings(text, /"|-?\d[\d.eE+-]*/g)) {
    if (!Number.isFinite(Number(number))) return index;
  }
  return 0;
}

import { numberIn } from "./yaml-numbers.js";

// Words that are no text, or not to everybody: YAML's own and those that kubectl takes for booleans.
const constants: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...["null", "Null", "NULL", "~"].map((word): [string, unknown] => [word, null]),
  ...["true", "y", "yes", "on"].flatMap((word) => inAnyCase(word, true)),
  ...["false", "n", "no", "off"].flatMap((word) => inAnyCase(word, false)),
]);

/** A word in small letters, with a capital at the front, and in capitals. */
function inAnyCase(word: string, value: unknown): readonly [string, unknown][] {
  const capitals = word.toUpperCase();
  return [word, `${capitals.slice(0, 1)}${word.slice(1)}`, capitals].map((spelling) => [spelling, value]);
}

/**
 * What a word without quotes is to kubectl: text, a number, a boolean or null. Undefined for what may be no word at all.
 *
 * @example
 * wordOf("yes"); // true
 * wordOf("nginx:1.27"); // "nginx:1.27"
 * wordOf("*alias"); // undefined
 */
export function wordOf(text: string): unknown {
  if (constants.has(text)) return constants.get(text);
  if (!/^(?:[A-Za-z\d_/.+]|-[^ -])/.test(text) || /: |:$|^\.\.\./.test(text)) return undefined;
  // What has no end is a number to YAML and a fault to JSON.
  if (/^[-+]?\.(?:inf|nan)$/i.test(text)) return undefined;
  return numberIn(text) ?? text;
}

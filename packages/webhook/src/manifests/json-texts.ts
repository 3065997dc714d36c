import { outsideStrings } from "./outside-strings.js";

/** A part of a text, and where it begins. */
export interface Part {
  readonly text: string;
  readonly offset: number;
}

/**
 * The JSON objects that stand one after the other in a text, as `jq` prints them and kubectl reads them; undefined where the
 * text is anything else.
 *
 * @example
 * jsonTexts('{"a":1}\n{"b":2}'); // [{ text: '{"a":1}', offset: 0 }, { text: '{"b":2}', offset: 8 }]
 */
export function jsonTexts(text: string): readonly Part[] | undefined {
  const parts: Part[] = [];
  for (let offset = nextText(text, 0); offset < text.length;) {
    const end = text[offset] === "{" ? endOfObject(text, offset) : undefined;
    if (end === undefined) return undefined;
    parts.push({ text: text.slice(offset, end), offset });
    offset = nextText(text, end);
  }
  return parts;
}

function nextText(text: string, from: number): number {
  let offset = from;
  while (offset < text.length && /\s|\uFEFF/.test(text.charAt(offset))) offset++;
  return offset;
}

/** Where the object that begins at `from` ends: braces in strings do not count. */
function endOfObject(text: string, from: number): number | undefined {
  let depth = 0;
  for (const { 0: mark, index } of outsideStrings(text, /["{}]/g, from)) {
    if (mark === "{") depth++;
    if (mark === "}") depth--;
    if (depth === 0) return index + 1;
  }
  return undefined;
}

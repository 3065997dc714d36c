import { indentOf } from "./line-cursor.js";

/**
 * The text of a literal block (`|`) from its lines.
 *
 * @param isStripped whether the header was `|-`: no line end behind the text, instead of one
 * @returns undefined where only the whole language knows: a line of more spaces than the text is indented by has a rule of its own
 */
export function literalText(lines: readonly string[], isStripped: boolean): string | undefined {
  const [indent] = lines.flatMap((line) => indentOf(line) ?? []);
  if (indent === undefined || lines.some((line) => isAmiss(line, indent))) return undefined;
  const text = lines.map((line) => line.slice(indent)).join("\n");
  return text.replace(/\n*$/, isStripped ? "" : "\n");
}

/** Whether a line is further to the left than the first one, or holds more spaces than that, and nothing else. */
function isAmiss(line: string, indent: number): boolean {
  const own = indentOf(line);
  return own === undefined ? line.length > indent : own < indent;
}

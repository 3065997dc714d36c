/**
 * What a pattern matches in JSON outside of strings, one after the other. Where a string has no end, its quote comes, and then
 * nothing more. The time grows as the text does, however its quotes stand.
 *
 * @param pattern with the flag `g`; matches a quote as well
 * @example
 * [...outsideStrings('{"}": "', /["{}]/g)].map(({ 0: match, index }) => [match, index]); // [["{", 0], ['"', 6]]
 */
export function* outsideStrings(text: string, pattern: RegExp, from = 0): Generator<RegExpExecArray> {
  for (let at = from; ;) {
    // Whoever else uses the pattern between two matches does not move this search.
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return;
    const isString = match[0] === '"';
    const end = isString ? endOfString(text, match.index) : pattern.lastIndex;
    if (!isString || end === undefined) yield match;
    if (end === undefined) return;
    at = end;
  }
}

/** Looks from quote to quote: an expression for a whole string fills the stack when the string is some megabytes long. */
function endOfString(text: string, begin: number): number | undefined {
  for (let quote = text.indexOf('"', begin + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return undefined;
}

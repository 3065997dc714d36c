/** Line and column of an offset, both from 1. */
export type LineIndex = (offset: number) => { readonly line: number; readonly column: number };

/**
 * Finds lines in a text by halving, so that many look-ups in a long file stay cheap.
 *
 * @example
 * lineIndex("a\nbc")(3); // { line: 2, column: 2 }
 */
export function lineIndex(text: string): LineIndex {
  const starts = [0];
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return (offset) => {
    let [first, last] = [0, starts.length - 1];
    while (first < last) {
      const middle = Math.ceil((first + last) / 2);
      if ((starts[middle] ?? 0) <= offset) first = middle;
      else last = middle - 1;
    }
    return { line: first + 1, column: offset - (starts[first] ?? 0) + 1 };
  };
}

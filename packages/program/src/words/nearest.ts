/**
 * The candidate that takes the fewest changes of letters to come from `word`; undefined where each takes more than
 * `mostChanges` of them, by default half of its letters.
 *
 * @example
 * ```ts
 * nearest("txt", ["text", "json"]); // "text"
 * ```
 */
export function nearest<T extends string>(
  word: string,
  candidates: readonly T[],
  mostChanges = (candidate: T): number => candidate.length / 2,
): T | undefined {
  const [best] = candidates
    // Each letter that one of them has more is a change: most words need no look at their letters.
    .filter((candidate) => Math.abs(candidate.length - word.length) <= mostChanges(candidate))
    .map((candidate) => ({ candidate, changes: changesBetween(word, candidate, mostChanges(candidate)) }))
    .filter(({ candidate, changes }) => changes <= mostChanges(candidate))
    .sort((a, b) => a.changes - b.changes);
  return best?.candidate;
}

/**
 * Damerau's distance: how many letters have to be put in, taken out, replaced, or swapped with their neighbours. Infinity where it
 * is certainly more than `most`.
 */
function changesBetween(a: string, b: string, most: number): number {
  const at = (cells: readonly number[], index: number): number => cells[index] ?? Infinity;
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? at(before, j - 2) + 1 : Infinity;
      next.push(Math.min(replaced, swapped, at(row, j) + 1, at(next, j - 1) + 1));
    }
    // From here on it only becomes more; a swap reaches back over one row.
    if (Math.min(...row, ...next) > most) return Infinity;
    [before, row] = [row, next];
  }
  return at(row, b.length);
}

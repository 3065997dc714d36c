/**
 * Clauses in one line for people, each once: after so many, the number of the others is enough.
 *
 * @example
 * inShort(["a", "b", "a", "c"], 2); // "a; b; and 1 more"
 */
export function inShort(clauses: readonly string[], most: number): string {
  const all = [...new Set(clauses)];
  const more = all.length - most;
  return [...all.slice(0, most), ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

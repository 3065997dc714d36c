import { type RuleId, rules } from "./rules.js";

/** The rule whose name takes the fewest changes of a letter to come from `word`; undefined where it takes more than half of them. */
export function nearestRule(word: string): RuleId | undefined {
  const ids = Object.keys(rules) as RuleId[];
  const [nearest] = ids
    .map((id) => ({ id, distance: distanceBetween(word, id) }))
    .sort((a, b) => a.distance - b.distance);
  return nearest !== undefined && nearest.distance <= nearest.id.length / 2 ? nearest.id : undefined;
}

/** Levenshtein's: how many letters have to be put in, taken out or replaced. */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

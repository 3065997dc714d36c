import type { Buffer } from "node:buffer";
import { Coverage } from "./coverage.js";
import type { Target } from "./target.js";

/** Longer inputs slow every run down, and say nothing that a short one could not. */
const longestKept = 4_000;

/** A small corpus that runs all the code that this one does, short inputs first. */
export async function distil(target: Target, corpus: readonly Buffer[]): Promise<readonly Buffer[]> {
  using coverage = new Coverage();
  const kept: Buffer[] = [];
  const short = corpus.filter(({ length }) => length <= longestKept);
  for (const input of short.toSorted((a, b) => a.length - b.length)) {
    await target.attempt(input);
    const look = coverage.look();
    if (!coverage.isNew(look)) continue;
    coverage.add(look);
    kept.push(input);
  }
  return kept;
}

import { markdownTable } from "../support/markdown-table.js";
import type { ActName } from "./act.js";
import type { Count, KillCounts } from "./kill-counts.js";

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** What was counted, as Markdown. */
export const tableOf = (counts: KillCounts, names: readonly ActName[]): string =>
  markdownTable(
    [
      "act",
      "moments",
      "sets hit",
      "acts with a kill",
      "longest without",
      "longest",
      "last done before a kill",
    ],
    names.map((name) => rowOf(counts.of(name))),
  );

const rowOf = ({ name, moments, hits, acts, usualMs, slowestMs, last }: Count): readonly string[] => {
  const steps = [...last].sort(([, a], [, b]) => b - a).map(([step, times]) => `${step} ${times}`);
  return [name, ...[moments, hits, acts].map(String), seconds(usualMs), seconds(slowestMs), steps.join(", ")];
};

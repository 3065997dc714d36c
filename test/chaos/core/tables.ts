import { markdownTable } from "../../support/markdown-table.js";

/** A hostile client, what it got, and what a well-behaved one beside it saw. */
export interface HostileRow {
  readonly name: string;
  readonly expected: string;
  readonly got: string;
  readonly isRight: boolean;
  /** Between the attacks. */
  readonly quietP99Ms: number;
  readonly besideP99Ms: number;
}

/** A fault, what the webhook did, and how soon all was well again. */
export interface FaultRow {
  readonly name: string;
  readonly stated: string;
  readonly got: string;
  /** Undefined where nothing was lost. */
  readonly recoveryMs: number | undefined;
  readonly isRight: boolean;
}

/** The hostile clients as Markdown. */
export const hostileTable = (rows: readonly HostileRow[]): string =>
  markdownTable(
    ["it sends", "what it must get", "what it got", "p99 alone", "p99 beside it", "ratio"],
    rows.map((row) => [
      row.name,
      row.expected,
      verdict(row),
      `${row.quietP99Ms.toFixed(1)} ms`,
      `${row.besideP99Ms.toFixed(1)} ms`,
      (row.besideP99Ms / row.quietP99Ms).toFixed(1),
    ]),
  );

/** The faults as Markdown. */
export const faultTable = (rows: readonly FaultRow[]): string =>
  markdownTable(
    ["fault", "what must happen", "what happened", "well again after"],
    rows.map((row) => [
      row.name,
      row.stated,
      verdict(row),
      row.recoveryMs === undefined ? "nothing was lost" : `${(row.recoveryMs / 1000).toFixed(2)} s`,
    ]),
  );

const verdict = ({ got, isRight }: { readonly got: string; readonly isRight: boolean }): string =>
  isRight ? got : `**${got}**`;

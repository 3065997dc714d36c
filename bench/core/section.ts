import type { Contender } from "../contenders/contender.js";
import type { OperatorContender } from "../contenders/operator.js";
import type { Patience } from "./patience.js";

/** Figures as people read them; the first column names the row. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a figure is wanted to be. */
export interface Target {
  readonly name: string;
  readonly measured: number;
  readonly wanted: { readonly atLeast: number } | { readonly atMost: number };
  /** Whether it says as much of the machine as of what runs there: it is shown then, and nothing fails by it. @default false */
  readonly isAbsolute?: boolean;
}

/** Curves or bars for a picture. */
export interface Chart {
  readonly name: string;
  readonly title: string;
  readonly kind: "bars" | "lines";
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (readonly [x: number | string, y: number])[];
  }[];
}

/** What a section of the benchmark found. */
export interface Findings {
  readonly tables: readonly Table[];
  readonly targets: readonly Target[];
  readonly charts?: readonly Chart[];
  /** Every sample, for whoever wants to look closer. */
  readonly data: unknown;
}

/** What sections measure with. */
export interface Bench {
  /** For files that go when the benchmark ends. */
  readonly folder: string;
  readonly peers: readonly Contender[];
  readonly operatorPeers: readonly OperatorContender[];
  /** Whether to be done in a minute or two: fewer and shorter rounds, which only tell what is far off. */
  readonly short: boolean;
  readonly patience: Patience;
  /** Says what is going on, in a line. */
  readonly progress: (text: string) => void;
}

/** A part of the benchmark that can be run alone. */
export interface Section {
  /** As `--only` takes it. */
  readonly name: string;
  readonly title: string;
  /** Whether it belongs to the short form. */
  readonly inShort: boolean;
  /** Whether it runs only when it is asked for by name. @default false */
  readonly onlyOnRequest?: boolean;
  run(bench: Bench): Promise<Findings>;
}

/** How far a target is met: 1 is just met, above is better, whichever way it points. */
export function achievement({ measured, wanted }: Target): number {
  if ("atLeast" in wanted) return measured / wanted.atLeast;
  return measured <= 0 ? Number.POSITIVE_INFINITY : wanted.atMost / measured;
}

/** Half of what is wanted is no noise any more. */
const farOff = 0.5;

/** Whether a target is missed by so much that it cannot be the machine. */
export const isFarOff = (target: Target): boolean =>
  target.isAbsolute !== true && achievement(target) < farOff;

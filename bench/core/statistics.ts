/** Of several samples: the middle one, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** @throws {RangeError} of no samples at all. */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const [least, most] = [sorted.at(0), sorted.at(-1)];
  if (least === undefined || most === undefined) throw new RangeError("there are no samples");
  return { median: median(sorted), least, most };
}

/**
 * The ratio of what was measured in the same round, each by each. Whatever else the machine did in a round falls on both,
 * which the ratio of two medians would not see.
 *
 * @example
 * pairedRatio([10, 30], [5, 10]); // { median: 2.5, least: 2, most: 3 }
 */
export function pairedRatio(samples: readonly number[], bases: readonly number[]): Spread {
  return spreadOf(samples.map((sample, round) => sample / (bases[round] ?? Number.NaN)));
}

/**
 * The value that this share of the others does not exceed; NaN of none.
 *
 * @example
 * percentile([3, 1, 2], 0.5); // 2
 */
export const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b).at(Math.min(values.length - 1, Math.floor(values.length * share))) ??
  Number.NaN;

function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const [lower = Number.NaN, upper = Number.NaN] = [
    sorted[Math.ceil(middle) - 1],
    sorted[Math.floor(middle)],
  ];
  return (lower + upper) / 2;
}

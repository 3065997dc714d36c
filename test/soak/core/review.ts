import type { LogLine } from "../../support/webhook-process.js";

/** A decision as the webhook counts it: the series of `cocoon_webhook_admission_total`. */
export type Review = `${string} ${string} ${string}`;

/** The decision of a handler. */
export const review = (handler: string, result: string, reason: string): Review =>
  `${handler} ${result} ${reason}`;

const series = /^cocoon_webhook_admission_total\{(.*)\}$/;

/** What a webhook has decided so far, by its metrics. */
export function reviewsIn(metrics: ReadonlyMap<string, number>): ReviewCounts {
  const counts = new ReviewCounts();
  for (const [sample, value] of metrics) {
    const labels = series.exec(sample)?.[1];
    if (labels === undefined) continue;
    const label = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
    counts.add(review(label("handler"), label("result"), label("reason")), value);
  }
  return counts;
}

/** What it has decided by its log, at level `debug`. */
export function reviewsOf(log: readonly LogLine[]): ReviewCounts {
  const counts = new ReviewCounts();
  for (const { handler, result, reason } of log) {
    if (typeof handler !== "string" || typeof reason !== "string") continue;
    counts.add(review(handler, result === "skip" ? "skipped" : String(result), reason));
  }
  return counts;
}

/** How many of each decision. */
export class ReviewCounts {
  readonly #counts = new Map<Review, number>();

  add(of: Review, count = 1): void {
    this.#counts.set(of, (this.#counts.get(of) ?? 0) + count);
  }

  /** Adds all of another one, or takes them away with `times` -1. */
  addAll(other: ReviewCounts, times = 1): void {
    for (const [of, count] of other.#counts) this.add(of, times * count);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The decisions that there are, sorted, so that two of them can be compared and read. */
  toJSON(): Readonly<Record<Review, number>> {
    return Object.fromEntries([...this.#counts].filter(([, count]) => count !== 0).sort());
  }
}

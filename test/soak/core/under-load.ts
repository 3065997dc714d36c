import type { Exit } from "../../support/webhook-process.js";
import { AdmissionLoad } from "./load.js";
import type { ReviewCounts } from "./review.js";
import type { Stage } from "./stage.js";

/** How long, and through what. */
export interface LoadOrder {
  /** Questions to ask at least. */
  readonly questions: number;
  /** How often both replicas are replaced at least. */
  readonly restarts: number;
}

/** What came of it. */
export interface LoadResult {
  readonly asked: number;
  readonly seconds: number;
  /** How often both replicas were replaced. */
  readonly restarts: number;
  /** Answers that were not the known ones. */
  readonly failures: readonly string[];
  /** What the webhook must have decided, and what its metrics say; gone replicas included. */
  readonly expected: ReviewCounts;
  readonly counted: ReviewCounts;
  /** How the replicas ended. */
  readonly exits: readonly Exit[];
}

/** A run that is lost ends before its time. */
const manyFailures = 100;

/** Asks as fast as it goes, while the replicas are replaced one after the other all the time. */
export async function underLoad(
  { plane, replicas, before }: Stage,
  order: LoadOrder,
  progress: (text: string) => void = () => undefined,
): Promise<LoadResult> {
  const startMs = performance.now();
  const load = new AdmissionLoad(plane);
  let restarts = 0;
  while (load.failures.length < manyFailures && (restarts < order.restarts || load.asked < order.questions)) {
    for (let replica = 0; replica < 2; replica++) {
      await replicas.add();
      await replicas.removeOldest();
    }
    restarts++;
    progress(
      `${load.asked} of ${order.questions} asked, ${restarts} restarts, ${load.failures.length} wrong`,
    );
  }
  await load.stop();
  const counted = await replicas.reviews();
  counted.addAll(before, -1);
  const { asked, expected, failures } = load;
  const seconds = (performance.now() - startMs) / 1_000;
  return { asked, seconds, restarts, failures, expected, counted, exits: replicas.exits };
}

import { setTimeout as delay } from "node:timers/promises";
import { AdmissionLoad } from "./load.js";
import type { Holding } from "./replicas.js";
import type { ReviewCounts } from "./review.js";
import type { Stage } from "./stage.js";

/** What was seen of replicas that stayed. */
export interface SoakResult {
  readonly asked: number;
  readonly failures: readonly string[];
  readonly expected: ReviewCounts;
  readonly counted: ReviewCounts;
  /** What each replica held, at even intervals. */
  readonly curves: readonly (readonly Holding[])[];
  readonly intervalMs: number;
}

/** A busy cluster's worth, which leaves the machine time for other things. */
const pauseMs = 200;
const samples = 180;

/** Asks at an even pace, and looks at what the replicas hold meanwhile. */
export async function overTime(
  { plane, replicas }: Stage,
  minutes: number,
  progress: (text: string) => void = () => undefined,
): Promise<SoakResult> {
  const before = await replicas.reviews();
  const intervalMs = (minutes * 60_000) / samples;
  const load = new AdmissionLoad(plane, pauseMs);
  const curves: Holding[][] = [];
  for (let sample = 1; sample <= samples; sample++) {
    await delay(intervalMs);
    for (const [index, holding] of (await replicas.holdings()).entries())
      (curves[index] ??= []).push(holding);
    if (sample % 15 === 0) {
      const passed = ((sample * intervalMs) / 60_000).toFixed(0);
      progress(`${passed} of ${minutes} minutes: ${load.asked} asked, ${load.failures.length} wrong`);
    }
  }
  await load.stop();
  const counted = await replicas.reviews();
  counted.addAll(before, -1);
  return { asked: load.asked, failures: load.failures, expected: load.expected, counted, curves, intervalMs };
}

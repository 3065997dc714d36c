import { describe, expect, it } from "vitest";
import { Patience } from "./patience.js";

/** A patience of three looks, on a machine from which so much is taken during each, in seconds. */
function patienceOf(...stolenS: readonly number[]): {
  patience: Patience;
  looks: () => number;
  told: readonly string[];
} {
  const told: string[] = [];
  const progress = (text: string): void => void told.push(text);
  let [asked, total] = [0, 0];
  const stolen = (): number => {
    // Asked before and after each look.
    if (asked++ % 2 === 1) total += stolenS[(asked - 2) / 2] ?? 0;
    return total;
  };
  return {
    patience: new Patience({ totalMs: 30, lookMs: 10, progress, stolen }),
    looks: () => asked / 2,
    told,
  };
}

describe("Patience", () => {
  it("waits until the machine was left alone", async () => {
    const { patience, looks, told } = patienceOf(1, 1, 0);
    await patience.untilQuiet();
    expect(looks()).toBe(3);
    expect(told).toEqual([
      expect.stringMatching(/^the host takes \d+ % of a core away: waiting for a quiet moment, 1 s at most$/),
    ]);
  });

  it("is used up by what is taken away, over all waits, and not by what is quiet", async () => {
    const { patience, looks } = patienceOf(0, 0, 0, 0, 1, 0, 1, 1, 0);
    for (let waits = 0; waits < 10; waits++) await patience.untilQuiet();
    expect(looks()).toBe(8);
  });

  it("knows what was taken away from the turns that count, on average", () => {
    const { patience } = patienceOf();
    expect(patience.shareOfTurns).toBeUndefined();
    for (const share of [0.1, 0.5]) patience.counted(share);
    expect(patience.shareOfTurns).toBeCloseTo(0.3);
  });
});

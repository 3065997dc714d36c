import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { UnansweredError } from "./load.js";
import { Patience } from "./patience.js";
import { undisturbed } from "./undisturbed.js";

/** Turns that take 10 ms each, and what was stolen in each, in seconds. */
function turns(...stolenS: readonly number[]): { take: () => Promise<number>; stolen: () => number } {
  let [turn, total] = [0, 0];
  return {
    take: async () => {
      await sleep(10);
      total += stolenS[turn] ?? 0;
      return turn++;
    },
    stolen: () => total,
  };
}

const impatient = (stolen: () => number): Patience =>
  new Patience({ totalMs: 0, progress: () => undefined, stolen });

describe("undisturbed", () => {
  it.each([
    ["the first turn where the machine was quiet", [0, 1], 0],
    ["the first quiet one", [1, 0, 1], 1],
    ["the quietest of three where the host is always busy", [30_000, 1, 40_000, 0], 1],
  ])("gives %s", async (_, stolenS, result) => {
    const { take, stolen } = turns(...stolenS);
    const turn = await undisturbed(take, impatient(stolen));
    expect(turn.result).toBe(result);
    // What was taken from the turn that counts, of some ten milliseconds, and from no other.
    const quietS = stolenS[result] ?? 0;
    expect(turn.share).toBeGreaterThanOrEqual(0);
    expect(turn.share).toBeLessThanOrEqual((quietS * 1_000) / 9);
  });

  it("goes on until something was answered", async () => {
    let turn = 0;
    const take = (): Promise<number> =>
      ++turn < 5 ? Promise.reject(new UnansweredError("nothing")) : Promise.resolve(turn);
    expect(
      await undisturbed(
        take,
        impatient(() => 0),
      ),
    ).toEqual({ result: 5, share: 0 });
  });

  it("says that nothing was ever answered", async () => {
    let turn = 0;
    const take = (): Promise<number> => Promise.reject(new UnansweredError(`nothing ${++turn}`));
    await expect(
      undisturbed(
        take,
        impatient(() => 0),
      ),
    ).rejects.toThrow("nothing 10");
  });

  it("does not repeat a turn in which requests were lost", async () => {
    let turn = 0;
    const take = (): Promise<number> => Promise.reject(new Error(`lost ${++turn}`));
    await expect(
      undisturbed(
        take,
        impatient(() => 0),
      ),
    ).rejects.toThrow("lost 1");
  });
});

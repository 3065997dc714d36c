import { describe, expect, it } from "vitest";
import { Progress } from "./progress.js";

/** What is written while the clock shows these times. */
function shown(timesMs: readonly number[], isTTY?: boolean): readonly string[] {
  const written: string[] = [];
  let nowMs = 0;
  const output = { ...(isTTY === undefined ? {} : { isTTY }), write: (text: string) => written.push(text) };
  const progress = new Progress(output, () => nowMs);
  for (const [index, timeMs] of timesMs.entries()) {
    nowMs = timeMs;
    progress.at(index + 1, 2);
  }
  progress.clear();
  return written;
}

describe("Progress", () => {
  it("begins after a second, shows every tenth of one how far it is, and leaves nothing behind", () => {
    expect(shown([0, 999, 1000, 1050, 1100], true)).toEqual([
      "\r\u001B[Kchecking: 3 objects so far, file 2",
      "\r\u001B[Kchecking: 5 objects so far, file 2",
      "\r\u001B[K",
    ]);
  });

  it("says nothing where it was quick, or nobody looks", () => {
    expect(shown([0, 500], true)).toEqual([]);
    expect(shown([0, 5000], false)).toEqual([]);
    expect(shown([0, 5000])).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { Progress } from "./progress.js";
import { Reading } from "./reading.js";

describe("Reading", () => {
  it("does not take a mistake of ours for a fault of the file", async () => {
    const mistake = new RangeError("a mistake");
    const clock = [0, 2000];
    const output = {
      isTTY: true,
      write: () => {
        throw mistake;
      },
    };
    const reading = new Reading([stray], new Progress(output, () => clock.shift() ?? 0));
    await expect(reading.manifests().next()).rejects.toBe(mistake);
    expect(reading.faults).toEqual([]);
  });
});

const stray = new URL("../../../../examples/stray-pod.yaml", import.meta.url).pathname;

import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { stolenIn, withStolenShare } from "./stolen.js";

it.each([
  ["cpu  6744356 2815780 1009138 3272652 10292 0 73574 535687 0 0\ncpu0 1 1 1 1 1 1 1 9 0 0\n", 5356.87],
  ["cpu  1 2 3 4\n", 0],
])("reads the time that was stolen", (stat, seconds) => {
  expect(stolenIn(stat)).toBe(seconds);
});

it("tells which share of a core was taken away meanwhile", async () => {
  let turn = 0;
  const { result, share } = await withStolenShare(
    () => sleep(20, "done"),
    () => turn++ * 0.01,
  );
  expect(result).toBe("done");
  expect(share).toBeGreaterThan(0);
  expect(share).toBeLessThan(0.6);
});

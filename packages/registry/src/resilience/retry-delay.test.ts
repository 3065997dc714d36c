import { describe, expect, it } from "vitest";
import { retryDelayMs } from "./retry-delay.js";

const options = { attempts: 4, baseMs: 200, longestMs: 600 };
const failed = { attempts: 1, askedMs: undefined, leftMs: 10_000 };

describe("retryDelayMs", () => {
  it.each([
    [1, 0, 100],
    [1, 1, 200],
    [2, 1, 400],
    [3, 1, 600],
    [3, 0, 300],
  ])("after try %j, with luck %j, is %j", (attempts, random, expected) => {
    expect(retryDelayMs({ ...failed, attempts }, options, random)).toBe(expected);
  });

  it("is none after the last try", () => {
    expect(retryDelayMs({ ...failed, attempts: 4 }, options, 0)).toBeUndefined();
  });

  it("is none where the deadline comes first", () => {
    expect(retryDelayMs({ ...failed, leftMs: 100 }, options, 0)).toBeUndefined();
    expect(retryDelayMs({ ...failed, leftMs: 101 }, options, 0)).toBe(100);
    expect(retryDelayMs({ ...failed, askedMs: 60_000 }, options, 0)).toBeUndefined();
  });

  it("is at least what was asked for, and not the same for all", () => {
    expect(retryDelayMs({ ...failed, askedMs: 3_000 }, options, 0)).toBe(3_000);
    expect(retryDelayMs({ ...failed, askedMs: 3_000 }, options, 1)).toBe(3_100);
  });

  it("is a delay also where no patience at all is asked for", () => {
    expect(retryDelayMs({ ...failed, askedMs: 0 }, options, 0)).toBe(100);
  });
});

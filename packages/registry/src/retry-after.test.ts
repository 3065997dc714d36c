import { describe, expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.js";

const nowMs = Date.parse("Wed, 21 Oct 2026 07:28:00 GMT");

describe("retryAfterMs", () => {
  it.each([
    [undefined, undefined],
    ["120", 120_000],
    ["0", 0],
    ["Wed, 21 Oct 2026 07:28:30 GMT", 30_000],
    ["Wed, 21 Oct 2026 07:27:00 GMT", 0],
    ["-1", undefined],
    ["1.5", undefined],
    ["soon", undefined],
    ["", undefined],
    ["Wed, 99 Oct 2026 07:27:00 GMT", undefined],
  ])("of %j is %j", (header, expected) => {
    expect(retryAfterMs(header, nowMs)).toBe(expected);
  });
});

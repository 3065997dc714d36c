import { describe, expect, it } from "vitest";
import { callerTimeoutMs } from "./timeout.js";

describe("callerTimeoutMs", () => {
  it.each([
    ["/validate?timeout=5s", 5000],
    ["/validate?a=b&timeout=30s&c=d", 30_000],
    ["/validate", undefined],
    ["/validate?timeout=", undefined],
    ["/validate?timeout=5", undefined],
    ["/validate?timeout=-5s", undefined],
    ["/validate?timeout=99999999s", undefined],
    ["/validate?nottimeout=5s", undefined],
  ])("%s → %s", (url, expected) => {
    expect(callerTimeoutMs(url)).toBe(expected);
  });
});

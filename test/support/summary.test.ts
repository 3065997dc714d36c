import { describe, expect, it } from "vitest";
import { summaryLine } from "./summary.js";

describe("summaryLine", () => {
  it("is the plain line that closes a run", () => {
    expect(summaryLine({ passed: 12, failed: 1, skipped: 0 })).toBe("12 passed, 1 failed");
    expect(summaryLine({ passed: 12, failed: 0, skipped: 3 })).toBe("12 passed, 0 failed, 3 skipped");
  });
});

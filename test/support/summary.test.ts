import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { startVitest } from "vitest/node";
import { summaryLine, SummaryReporter } from "./summary.js";

describe("summaryLine", () => {
  it("is the plain line that closes a run", () => {
    expect(summaryLine({ passed: 12, failed: 1, skipped: 0 })).toBe("12 passed, 1 failed");
    expect(summaryLine({ passed: 12, failed: 0, skipped: 3 })).toBe("12 passed, 0 failed, 3 skipped");
  });
});

describe("SummaryReporter", () => {
  it("counts tests, and files that cannot be loaded as failures", async () => {
    const root = await mkdtemp(path.join(tmpdir(), "cocoon-summary-"));
    const tests =
      'test("a", () => {}); test("b", () => { throw new Error("b"); }); test["skip"]("c", () => {});';
    await writeFile(path.join(root, "mixed.test.js"), tests);
    await writeFile(path.join(root, "broken.test.js"), 'throw new Error("cannot be loaded");');
    const reporter = new SummaryReporter();
    const exitCode = process.exitCode;
    try {
      const vitest = await startVitest("test", [], {
        root,
        config: false,
        globals: true,
        watch: false,
        reporters: [reporter],
      });
      await vitest.close();
    } finally {
      // The inner run says by the exit code that it failed, which is what it should do.
      process.exitCode = exitCode;
      await rm(root, { recursive: true });
    }
    expect(reporter.summary).toEqual({ passed: 1, failed: 2, skipped: 1 });
  });
});

import type { Reporter, TestModule, TestCase } from "vitest/node";

/** Tests by what became of them. */
export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The closing line that tools read: `N passed, N failed`, and the skipped ones where there are any. */
export function summaryLine({ passed, failed, skipped }: Summary): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}

/** Counts the tests of a run. A file that cannot be loaded, or an error outside of every test, counts as a failure. */
export class SummaryReporter implements Reporter {
  #summary: Summary = { passed: 0, failed: 0, skipped: 0 };

  get summary(): Summary {
    return this.#summary;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map(stateOf));
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const count = (state: string): number => states.filter((candidate) => candidate === state).length;
    this.#summary = {
      passed: count("passed"),
      // A test that is still pending when the run ends did not pass.
      failed: count("failed") + count("pending") + broken + unhandled.length,
      skipped: count("skipped"),
    };
  }
}

const stateOf = (test: TestCase): string => test.result().state;

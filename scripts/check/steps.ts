/** One thing to check. */
export interface Step {
  /** What people call it. */
  readonly name: string;
  /** The program that checks it, and its arguments. */
  readonly command: readonly [string, ...string[]];
}

/** How a step ended. */
export interface Outcome {
  readonly step: Step;
  readonly passed: boolean;
}

/**
 * Runs all steps one after the other, each below a line that names it; a step that fails stops none of those after it.
 *
 * @example
 * ```ts
 * const outcomes = runSteps(steps, { passes, print: console.log });
 * ```
 */
export function runSteps(
  steps: readonly Step[],
  { passes, print }: { readonly passes: (step: Step) => boolean; readonly print: (line: string) => void },
): readonly Outcome[] {
  return steps.map((step) => {
    print(`\n-- ${step.name}: ${step.command.join(" ")}`);
    return { step, passed: passes(step) };
  });
}

/**
 * What to tell at the end: a line for each step, and which ones failed, with the commands that run them alone.
 *
 * @example
 * ```ts
 * console.log(summaryOf(outcomes));
 * ```
 */
export function summaryOf(outcomes: readonly Outcome[]): string {
  const lines = outcomes.map(({ step, passed }) => `${passed ? "ok    " : "FAILED"} ${step.name}`);
  const failed = outcomes.filter(({ passed }) => !passed);
  const verdict =
    failed.length === 0
      ? `All ${outcomes.length} checks passed.`
      : `${failed.length} of ${outcomes.length} checks failed. Alone:`;
  const ways = failed.map(({ step }) => `  ${step.command.join(" ")}`);
  return ["", ...lines, verdict, ...ways].join("\n");
}

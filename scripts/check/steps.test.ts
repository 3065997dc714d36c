import { describe, expect, it } from "vitest";
import { type Step, runSteps, summaryOf } from "./steps.js";

const lint: Step = { name: "lint", command: ["npm", "run", "lint"] };
const types: Step = { name: "types", command: ["npm", "run", "typecheck"] };

describe("runSteps", () => {
  it("runs every step below its header, also after one that failed", () => {
    const seen: string[] = [];
    const outcomes = runSteps([lint, types], {
      print: (line) => seen.push(line),
      passes: (step) => {
        seen.push(`runs ${step.name}`);
        return step === types;
      },
    });
    expect(seen).toEqual([
      "\n-- lint: npm run lint",
      "runs lint",
      "\n-- types: npm run typecheck",
      "runs types",
    ]);
    expect(outcomes).toEqual([
      { step: lint, passed: false },
      { step: types, passed: true },
    ]);
  });
});

describe("summaryOf", () => {
  it("says that all is well", () => {
    expect(summaryOf([{ step: lint, passed: true }])).toBe("\nok     lint\nAll 1 checks passed.");
  });

  it("names what failed, and how to run it alone", () => {
    expect(
      summaryOf([
        { step: lint, passed: false },
        { step: types, passed: true },
      ]),
    ).toBe("\nFAILED lint\nok     types\n1 of 2 checks failed. Alone:\n  npm run lint");
  });
});

// `npm run check`: everything that looks at the code without running it. Every step runs, whatever the others say, so that
// one go tells all that there is to mend.
import { spawnSync } from "node:child_process";
import { type Step, runSteps, summaryOf } from "./check/steps.js";

const steps: readonly Step[] = [
  { name: "formatting", command: ["npm", "run", "--silent", "format:check"] },
  { name: "lint", command: ["npm", "run", "--silent", "lint"] },
  { name: "types", command: ["npm", "run", "--silent", "typecheck"] },
  { name: "generated files", command: ["npm", "run", "--silent", "generate", "--", "--check"] },
  { name: "unused code", command: ["npm", "run", "--silent", "knip"] },
  { name: "licences", command: ["npm", "run", "--silent", "licences"] },
  { name: "the package", command: ["npm", "run", "--silent", "check:package"] },
  { name: "doc comments", command: ["npm", "run", "--silent", "docs:api:check"] },
];

const passes = ({ command: [program, ...args] }: Step): boolean => {
  const { status, error } = spawnSync(program, args, { stdio: "inherit" });
  if (error !== undefined) console.error(error.message);
  return status === 0;
};

const outcomes = runSteps(steps, { passes, print: console.log });
console.log(summaryOf(outcomes));
if (outcomes.some(({ passed }) => !passed)) process.exitCode = 1;

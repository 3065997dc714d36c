// `npm run fuzz -- [TARGET...]`: input that nobody would write, against the laws that have to hold all the same.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type FuzzArguments, readArguments } from "./arguments.js";
import { nameOf, readCorpus, writeCorpus } from "./core/corpus.js";
import { Coverage } from "./core/coverage.js";
import { distil } from "./core/distil.js";
import { faultOf, type Finding, fuzz, type Outcome } from "./core/fuzzer.js";
import type { Target } from "./core/target.js";
import { targets } from "./targets/index.js";

const usage = `usage: npm run fuzz [-- [TARGET...] OPTIONS]

Tries inputs that grow out of the corpus by small changes, and keeps those that run new code. Ends with the first input that
breaks a law, made as small as it goes.

  TARGET        ${targets.map(({ name }) => name).join(", ")}; all of them where none is named
  --seconds N   how long for each target (default 10)
  --runs N      how many inputs for each target, at most
  --seed N      repeats the run that printed it, as far as time plays no part
  --keep        writes what is worth keeping into test/fuzz/corpus
  --input FILE  tries this input alone, on one target`;

async function campaign(target: Target, asked: FuzzArguments): Promise<Outcome> {
  using coverage = new Coverage();
  const outcome = await fuzz({ ...asked, target, corpus: readCorpus(target.name), coverage });
  if (asked.keep && outcome.finding === undefined) {
    writeCorpus(target.name, await distil(target, outcome.corpus));
  }
  const { inputs, seconds, corpus } = outcome;
  const rate = Math.round(inputs / seconds).toLocaleString("en");
  console.log(
    `${target.name.padEnd(12)} ${inputs.toLocaleString("en").padStart(12)} inputs, ${rate} a second, ` +
      `${corpus.length} in the corpus, ${coverage.size.toLocaleString("en")} characters of code run`,
  );
  return outcome;
}

/** Says what was found, and how to see it again. */
function report({ name }: Target, { input, fault }: Finding): void {
  const folder = path.join(tmpdir(), "cocoon-fuzz-findings");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}-${nameOf(input)}`);
  writeFileSync(file, input);
  console.error(`BROKEN: ${name}: ${fault}\n  npm run fuzz -- ${name} --input ${file}`);
}

async function tryOne(target: Target, file: string): Promise<number> {
  const fault = await faultOf(target, readFileSync(file));
  console.log(fault === undefined ? `${target.name}: every law holds` : `BROKEN: ${target.name}: ${fault}`);
  return fault === undefined ? 0 : 1;
}

async function main(): Promise<number> {
  const asked = readArguments(
    process.argv.slice(2),
    targets.map(({ name }) => name),
  );
  if (asked.help) {
    console.log(usage);
    return 0;
  }
  const chosen = targets.filter(({ name }) => asked.targets.length === 0 || asked.targets.includes(name));
  const [first] = chosen;
  if (asked.input !== undefined && first !== undefined) return tryOne(first, asked.input);
  console.log(`seed ${asked.seed}`);
  let found = 0;
  let inputs = 0;
  for (const target of chosen) {
    const outcome = await campaign(target, asked);
    inputs += outcome.inputs;
    if (outcome.finding === undefined) continue;
    report(target, outcome.finding);
    found++;
  }
  console.log(`${inputs.toLocaleString("en")} inputs in all, ${found} of ${chosen.length} targets broken`);
  return found === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`fuzz: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}

// `npm run soak`: a long load with known decisions through a real API server, then an hour of it.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { chartSvg } from "../../bench/report/chart.js";
import { origin, provenance } from "../../bench/report/provenance.js";
import { markdownOf } from "../../bench/report/table.js";
import { achievement, type Findings } from "../../bench/core/section.js";
import { writeBetweenMarks } from "../support/documents/between-marks.js";
import { readArguments } from "./arguments.js";
import { loadFindings, soakFindings } from "./core/findings.js";
import { overTime } from "./core/over-time.js";
import { onStage } from "./core/stage.js";
import { underLoad } from "./core/under-load.js";

const usage = `usage: npm run soak [-- OPTIONS]

Asks a real API server, which asks two replicas of the webhook behind a TCP balancer, what it must answer in known ways, and holds
the replicas' metrics to it, to the last decision. First as fast as it goes while the replicas are restarted one after the other all the
time, then at an even pace while they stay, to see what they hold. Uses 127.0.0.1 alone.

  --questions N  requests of the first part, at least (200000); 0 leaves it out
  --restarts N   rolling restarts of both replicas in it, at least (20)
  --minutes N    how long the second part lasts (60); 0 leaves it out
  --write-docs   writes what came of it into docs/reliability.md`;

const docs = path.resolve(import.meta.dirname, "../../docs");

const progress = (text: string): void => {
  console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
};

async function main(): Promise<number> {
  const { help, questions, restarts, minutes, writeDocs } = readArguments(process.argv.slice(2));
  if (help) {
    console.log(usage);
    return 0;
  }
  progress("starting a control plane and two replicas");
  const failures: string[] = [];
  const parts = await onStage("shipped", async (stage) => {
    const found: Part[] = [];
    if (questions > 0) {
      progress(`asking as fast as it goes, through ${stage.balancer}`);
      const load = await underLoad(stage, { questions, restarts }, progress);
      failures.push(...load.failures);
      found.push(part("Load", "load", loadFindings(load)));
    }
    if (minutes > 0) {
      progress("asking at an even pace");
      const soak = await overTime(stage, minutes, progress);
      failures.push(...soak.failures);
      found.push(part("Soak", "soak", soakFindings(soak)));
    }
    return found;
  });
  for (const { text } of parts) console.log(text);
  for (const failure of failures.slice(0, shownFailures)) console.error(`WRONG: ${failure}`);
  if (writeDocs) for (const one of parts) progress(`wrote ${await write(one)}`);
  const missed = parts
    .flatMap(({ findings }) => findings.targets)
    .filter((target) => achievement(target) < 1);
  for (const { name, measured } of missed) console.error(`MISSED: ${name}: ${measured}`);
  return missed.length === 0 ? 0 : 1;
}

const shownFailures = 20;

interface Part {
  readonly name: string;
  readonly findings: Findings;
  readonly text: string;
}

const part = (title: string, name: string, findings: Findings): Part => ({
  ...{ name, findings },
  text: markdownOf(title, findings),
});

async function write({ name, findings, text }: Part): Promise<string> {
  const page = path.join(docs, "reliability.md");
  const pictures = (findings.charts ?? []).map((chart) => {
    const image = `images/reliability-${chart.name}.svg`;
    writeFileSync(path.join(docs, image), chartSvg(chart));
    return `![${chart.title}](${image})`;
  });
  const [, ...rest] = text.split("\n");
  await writeBetweenMarks(
    page,
    name,
    [origin(provenance()), rest.join("\n").trim(), ...pictures].join("\n\n"),
  );
  return page;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`soak: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}

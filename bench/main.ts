// `npm run bench`: what the webhook and the operator cost, against floors and peers, measured in turns in one run.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readArguments } from "./arguments.js";
import { stayOffTheServersCore, whyNot } from "./core/cores.js";
import { type Bench, isFarOff, type Section, type Target } from "./core/section.js";
import { Patience } from "./core/patience.js";
import { tolerableShare, withStolenShare } from "./core/stolen.js";
import { provenance } from "./report/provenance.js";
import type { Report, ReportedSection } from "./report/report.js";
import { markdownOf, wantedText } from "./report/table.js";
import { writeDocs } from "./report/write-docs.js";
import { sections } from "./sections/index.js";

const usage = `usage: npm run bench [-- OPTIONS]

Measures the built webhook on one core of this machine, with the load from the others, in turns with two floors: a bare
node:https server, and one that also parses the body; and the built operator in turns with a client that creates the same
pods. Only the ratios mean something: they were measured side by side.

  --short             the short form: about two minutes, more where the host takes time away and turns are taken again; fails
                      where a ratio is not even half of what is wanted
  --only NAME[,...]   only these sections: ${sections.map(({ name }) => name).join(", ")}
  --peer NAME=COMMAND another webhook, measured by the same hand; it is told by LISTEN_ADDR, TLS_CERT, TLS_KEY and KUBECONFIG
  --peer NAME=URL     one that runs already; its CPU time and memory are not seen
  --operator-peer NAME=COMMAND
                      another operator of CocoonSets; it is told by KUBECONFIG, METRICS_ADDR, PROBE_ADDR, LEADER_ELECT,
                      OCI_REGISTRY and EPOCH_URL, and has to listen at PROBE_ADDR once it runs
  --json FILE         writes every sample there
  --write-docs        writes docs/performance.md and its pictures from what was measured

Example: npm run bench -- --only requests --peer 'go=./my-webhook --fast'`;

async function measure(chosen: readonly Section[], bench: Bench): Promise<Report> {
  const found: ReportedSection[] = [];
  for (const section of chosen) {
    bench.progress(`== ${section.title}`);
    const findings = await section.run(bench);
    console.log(`\n${markdownOf(section.title, findings)}`);
    found.push({ name: section.name, title: section.title, findings });
  }
  return { provenance: provenance(), sections: found };
}

/** The targets of which not even half is met. */
const farOffIn = ({ sections: found }: Report): readonly Target[] =>
  found.flatMap(({ findings }) => findings.targets).filter(isFarOff);

const patienceFor = ({ short, progress }: Pick<Bench, "short" | "progress">): Patience =>
  new Patience({ totalMs: short ? 60_000 : 3_600_000, progress });

/**
 * What is far off twice: a machine that was busy with something else is quieter the next time, a regression stays. Where the host takes the
 * machine away all the while, nothing can be said.
 */
async function confirmFarOff(report: Report, bench: Bench): Promise<readonly Target[]> {
  const suspects = farOffIn(report);
  if (suspects.length === 0) return [];
  bench.progress(`${suspects.length} far off: looking again`);
  const again = report.sections
    .filter(({ findings }) => findings.targets.some((target) => suspects.includes(target)))
    .flatMap(({ name }) => sections.filter((section) => section.name === name));
  const patience = patienceFor(bench);
  const { result, share: shareOfAll } = await withStolenShare(() => measure(again, { ...bench, patience }));
  // While it waited and in turns that do not count, the host may have taken what it liked.
  const share = patience.shareOfTurns ?? shareOfAll;
  const still = new Set(farOffIn(result).map(({ name }) => name));
  if (still.size > 0 && share > tolerableShare) {
    const percent = Math.round(share * 100);
    bench.progress(`still far off, but the host took ${percent} % of a core away meanwhile: not counted`);
    return [];
  }
  return suspects.filter(({ name }) => still.has(name));
}

async function main(): Promise<number> {
  const asked = readArguments(
    process.argv.slice(2),
    sections.map(({ name }) => name),
  );
  if (asked.help) {
    console.log(usage);
    return 0;
  }
  const fault = whyNot();
  if (fault !== undefined) {
    console.error(`bench: ${fault}`);
    return 2;
  }
  stayOffTheServersCore();
  const isChosen = ({ name, inShort, onlyOnRequest = false }: Section): boolean =>
    asked.only.length > 0 ? asked.only.includes(name) : asked.short ? inShort : !onlyOnRequest;
  const folder = mkdtempSync(path.join(tmpdir(), "cocoon-bench-"));
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  // An end by a signal is an end like any other: servers and files go.
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
    process.once(signal, () => process.exit(code));
  }
  const progress = (text: string): void => {
    console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
  };
  const bench: Bench = {
    folder,
    peers: asked.peers,
    operatorPeers: asked.operatorPeers,
    short: asked.short,
    patience: patienceFor({ short: asked.short, progress }),
    progress,
  };
  const report = await measure(sections.filter(isChosen), bench);
  if (asked.json !== undefined) writeFileSync(asked.json, `${JSON.stringify(report, undefined, 2)}\n`);
  if (asked.writeDocs) {
    for (const file of await writeDocs(
      report,
      sections.map(({ name }) => name),
    ))
      console.error(`wrote ${path.relative(process.cwd(), file)}`);
  }
  const missed = await confirmFarOff(report, bench);
  for (const target of missed) {
    const measured = target.measured.toFixed(2);
    console.error(`FAR OFF: ${target.name}: measured ${measured}, wanted ${wantedText(target)}`);
  }
  return missed.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}

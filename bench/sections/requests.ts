import { constantFloor, parseFloor } from "../contenders/floors.js";
import { webhook } from "../contenders/webhook.js";
import { type Case, cases } from "../core/cases.js";
import { figure, ratio, spread } from "../core/format.js";
import { measureInTurns, type Sample } from "../core/measure.js";
import type { Bench, Findings, Section, Table, Target } from "../core/section.js";
import { sizingTable } from "../core/sizing.js";
import { onStage } from "../core/stage.js";
import { pairedRatio, type Spread, spreadOf } from "../core/statistics.js";

/** Requests a second and what each costs, against the floors and any peers, for each kind of review. */
export const requests: Section = {
  name: "requests",
  title: "Requests at full load",
  inShort: true,
  run,
};

/** What one contender did in one case. */
interface Result {
  readonly contender: string;
  readonly samples: readonly Sample[];
}

async function run({ folder, peers, short, patience, progress }: Bench): Promise<Findings> {
  const effort = { rounds: short ? 3 : 7, turnS: 1, folder, patience };
  const contenders = [webhook, parseFloor, constantFloor, ...peers];
  const measured = await onStage(folder, contenders, async (running) => {
    const results: { readonly of: Case; readonly results: readonly Result[] }[] = [];
    for (const one of short ? cases.filter(({ name }) => inShort.has(name)) : cases) {
      progress(one.name);
      const samples = await measureInTurns(running, one, effort);
      results.push({
        of: one,
        results: [...samples].map(([{ name }, taken]) => ({ contender: name, samples: taken })),
      });
    }
    return results;
  });

  const compared = measured.map(({ of, results }) => compare(of, results));
  const sizing = short ? undefined : sizingOf(compared);
  return {
    tables: [
      ratioTable(compared),
      ...measured.map(({ of, results }) => figuresTable(of, results)),
      ...(sizing === undefined ? [] : [sizing]),
    ],
    targets: [...compared.flatMap(targetsOf), ...connectionTargets(compared)],
    charts: [
      {
        name: "requests",
        title: "CPU time of a request, by contender",
        kind: "bars",
        xLabel: "",
        yLabel: "µs",
        series: contenders.map(({ name }) => ({
          name,
          points: measured.flatMap(({ of, results }) => cpuPoint(of, results, name)),
        })),
      },
    ],
    data: measured.map(({ of: { name }, results }) => ({ case: name, results })),
  };
}

/** Enough to see a regression of each kind of review. */
const inShort: ReadonlySet<string> = new Set([
  "cocoon pod",
  "ordinary pod, 60 kB",
  "Deployment update, 7 kB",
  "CocoonSet, 50 toolboxes",
]);

interface Compared {
  readonly of: Case;
  readonly webhook: Result;
  /** Against the floor that parses. */
  readonly rps: Spread;
  readonly cpu: Spread;
  /** Against the floor that does not. */
  readonly rpsOfConstant: Spread;
  readonly cpuOfConstant: Spread;
  readonly peers: readonly {
    readonly name: string;
    readonly rps: Spread;
    readonly cpu: Spread | undefined;
  }[];
}

const cpuOf = (samples: readonly Sample[]): readonly number[] =>
  samples.map(({ cpuUsPerRequest = Number.NaN }) => cpuUsPerRequest);
const rpsOf = (samples: readonly Sample[]): readonly number[] =>
  samples.map(({ requestsPerSecond }) => requestsPerSecond);

function compare(of: Case, [own, parse, constant, ...peers]: readonly Result[]): Compared {
  if (own === undefined || parse === undefined || constant === undefined)
    throw new Error("a contender is missing");
  const rps = rpsOf(own.samples);
  const cpu = cpuOf(own.samples);
  return {
    of,
    webhook: own,
    rps: pairedRatio(rps, rpsOf(parse.samples)),
    cpu: pairedRatio(cpu, cpuOf(parse.samples)),
    rpsOfConstant: pairedRatio(rps, rpsOf(constant.samples)),
    cpuOfConstant: pairedRatio(cpu, cpuOf(constant.samples)),
    peers: peers.map(({ contender, samples }) => ({
      name: contender,
      rps: pairedRatio(rps, rpsOf(samples)),
      cpu: samples.some(({ cpuUsPerRequest }) => cpuUsPerRequest === undefined)
        ? undefined
        : pairedRatio(cpu, cpuOf(samples)),
    })),
  };
}

function sizingOf(compared: readonly Compared[]): Table | undefined {
  const samplesOf = (name: string): readonly Sample[] | undefined =>
    compared.find(({ of }) => of.name === name)?.webhook.samples;
  const peaks = compared.flatMap(({ webhook: { samples } }) =>
    samples.flatMap(({ peakRssMb }) => peakRssMb ?? []),
  );
  return sizingTable(
    (name) => {
      const samples = samplesOf(name);
      return samples === undefined ? undefined : spreadOf(cpuOf(samples)).median;
    },
    peaks.length === 0 ? undefined : Math.max(...peaks),
  );
}

function ratioTable(compared: readonly Compared[]): Table {
  const peers = compared[0]?.peers ?? [];
  return {
    title:
      "Against the floors: requests a second (more is better) and CPU time of a request (less is better)",
    columns: [
      "request",
      "requests/s : parse floor",
      "CPU : parse floor",
      "requests/s : bare floor",
      "CPU : bare floor",
      ...peers.flatMap(({ name }) => [`requests/s : ${name}`, `CPU : ${name}`]),
    ],
    rows: compared.map((row) => [
      row.of.name,
      ...[row.rps, row.cpu, row.rpsOfConstant, row.cpuOfConstant].map(ratio),
      ...row.peers.flatMap(({ rps, cpu }) => [ratio(rps), cpu === undefined ? "–" : ratio(cpu)]),
    ]),
  };
}

function figuresTable({ name }: Case, results: readonly Result[]): Table {
  const of = (samples: readonly Sample[], key: keyof Sample): string => {
    const values = samples.map((sample) => sample[key]).filter((value) => value !== undefined);
    return values.length === 0 ? "–" : figure(spreadOf(values).median);
  };
  return {
    title: name,
    columns: [
      "contender",
      "requests/s",
      "CPU µs a request",
      "p50 ms",
      "p99 ms",
      "p99.9 ms",
      "peak RSS MB",
      "event loop p99 ms",
    ],
    rows: results.map(({ contender, samples }) => [
      contender,
      spread(spreadOf(rpsOf(samples))),
      samples.some(({ cpuUsPerRequest }) => cpuUsPerRequest === undefined)
        ? "–"
        : spread(spreadOf(cpuOf(samples))),
      of(samples, "p50Ms"),
      of(samples, "p99Ms"),
      of(samples, "p999Ms"),
      of(samples, "peakRssMb"),
      of(samples, "loopDelayMs"),
    ]),
  };
}

const targetsOf = ({ of: { name }, rps, cpu }: Compared): readonly Target[] => [
  { name: `${name}: requests/s of the parse floor's`, measured: rps.median, wanted: { atLeast: 0.9 } },
  { name: `${name}: CPU of the parse floor's`, measured: cpu.median, wanted: { atMost: 1.15 } },
];

/** More connections must not cost throughput. */
function connectionTargets(compared: readonly Compared[]): readonly Target[] {
  const rpsAt = (connections: number): readonly number[] => {
    const found = compared.find(
      ({ of }) => of.name.startsWith("ordinary pod") && of.connections === connections,
    );
    return found === undefined ? [] : rpsOf(found.webhook.samples);
  };
  const [few, many] = [rpsAt(8), rpsAt(64)];
  if (few.length === 0 || many.length === 0) return [];
  return [
    {
      name: "64 connections: requests/s of those at 8",
      measured: pairedRatio(many, few).median,
      wanted: { atLeast: 1 },
    },
  ];
}

function cpuPoint(
  of: Case,
  results: readonly Result[],
  name: string,
): readonly (readonly [string, number])[] {
  const values = cpuOf(results.find(({ contender }) => contender === name)?.samples ?? []);
  return values.length === 0 || values.some(Number.isNaN) ? [] : [[of.name, spreadOf(values).median]];
}

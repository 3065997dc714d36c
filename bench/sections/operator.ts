import { ForeignPods } from "../../test/support/foreign-pods.js";
import { builtOperator, type OperatorContender } from "../contenders/operator.js";
import { onAllCores } from "../core/cores.js";
import { figure, ratio, spread } from "../core/format.js";
import type { Bench, Findings, Section, Table, Target } from "../core/section.js";
import { pairedRatio, percentile, spreadOf } from "../core/statistics.js";
import { Field, foreignNs } from "../operator/field.js";
import { type Rest, restOf } from "../operator/rest.js";
import { bareTurn, type Effort, operatorTurn, type OperatorTurn, type Pace } from "../operator/turn.js";

/** CocoonSets that are brought up all at once, among pods of others. It shares the machine with everything, as its peers' tests do. */
export const operator: Section = {
  name: "operator",
  title: "The operator under load",
  inShort: false,
  run: (bench) => onAllCores(() => run(bench)),
};

/** How much is measured, and how often. */
interface Extent extends Effort {
  readonly rounds: number;
  /** Starts of each operator to see what it holds. */
  readonly starts: number;
  readonly foreignPods: number;
  /** Changes of foreign pods a second. */
  readonly churn: number;
}

const whole: Extent = {
  rounds: 5,
  starts: 3,
  sets: 300,
  singles: 40,
  restS: 10,
  foreignPods: 5_000,
  churn: 50,
};
const brief: Extent = {
  rounds: 1,
  starts: 1,
  sets: 60,
  singles: 10,
  restS: 3,
  foreignPods: 500,
  churn: 50,
};

/** What the reference operator did in this test, on two cores of another machine that it shared with the API server. */
const reference = { mainsPerSecond: 193, subAgentsPerSecond: 617 };

/** Where there is nothing else, where there are foreign pods, and where those change. */
const surroundings = ["nothing else", "foreign pods", "foreign pods that change"] as const;
type Surroundings = (typeof surroundings)[number];

interface Contest {
  readonly contender: OperatorContender;
  readonly turns: OperatorTurn[];
  readonly rests: Record<Surroundings, Rest[]>;
}

interface Results {
  readonly extent: Extent;
  readonly contests: readonly Contest[];
  readonly bare: readonly Pace[];
  readonly churnPerSecond: number;
}

async function run({ folder, short, progress, operatorPeers }: Bench): Promise<Findings> {
  const extent = short ? brief : whole;
  const contests = [builtOperator, ...operatorPeers].map((contender): Contest => ({
    contender,
    turns: [],
    rests: { "nothing else": [], "foreign pods": [], "foreign pods that change": [] },
  }));
  progress("starting an API server and a registry");
  await using field = await Field.open(folder);
  const look = async (where: Surroundings): Promise<void> => {
    progress(`at rest: ${where}`);
    for (let start = 0; start < extent.starts; start++) {
      for (const { contender, rests } of contests)
        rests[where].push(await restOf(field, contender, extent.restS));
    }
  };
  await look("nothing else");
  progress(`creating ${extent.foreignPods} foreign pods`);
  const foreign = await ForeignPods.create({
    connection: field.admin,
    ns: foreignNs,
    count: extent.foreignPods,
  });
  await look("foreign pods");
  const bare: Pace[] = [];
  const takers = [
    async () => void bare.push(await bareTurn(field, extent)),
    ...contests.map(
      ({ contender, turns }) =>
        async () =>
          void turns.push(await operatorTurn(field, contender, extent)),
    ),
  ];
  const startMs = performance.now();
  await foreign.churnDuring(extent.churn, async () => {
    await look("foreign pods that change");
    for (let round = 0; round < extent.rounds; round++) {
      progress(`round ${round + 1} of ${extent.rounds}: ${extent.sets} CocoonSets`);
      // Every round begins with another.
      for (let taker = 0; taker < takers.length; taker++) await takers[(taker + round) % takers.length]?.();
    }
  });
  const churnPerSecond = (foreign.changes * 1_000) / (performance.now() - startMs);
  return findings({ extent, contests, bare, churnPerSecond });
}

function findings(results: Results): Findings {
  return {
    tables: [paceTable(results), latencyTable(results), requestTable(results), restTable(results)],
    targets: targetsOf(results),
    data: {
      ...results,
      contests: results.contests.map(({ contender: { name, kind }, ...rest }) => ({ name, kind, ...rest })),
    },
  };
}

type Speed = "mainsPerSecond" | "subAgentsPerSecond";

const speeds = (paces: readonly Pace[], of: Speed): readonly number[] => paces.map((pace) => pace[of]);

/** Against the bare client's, round by round. */
const ofBare = ({ bare }: Results, paces: readonly Pace[], of: Speed): ReturnType<typeof pairedRatio> =>
  pairedRatio(speeds(paces, of), speeds(bare, of));

function paceTable(results: Results): Table {
  const { extent, contests, bare, churnPerSecond } = results;
  const row = (name: string, paces: readonly Pace[], more: readonly string[]): readonly string[] => [
    name,
    spread(spreadOf(speeds(paces, "mainsPerSecond"))),
    ratio(ofBare(results, paces, "mainsPerSecond")),
    spread(spreadOf(speeds(paces, "subAgentsPerSecond"))),
    ratio(ofBare(results, paces, "subAgentsPerSecond")),
    ...more,
  ];
  return {
    title:
      `${extent.sets} CocoonSets at once, and then two sub-agents for each, beside ${extent.foreignPods.toLocaleString("en")} foreign ` +
      `pods with ${figure(churnPerSecond)} changes a second`,
    columns: [
      "contender",
      "main agents/s",
      ": bare client",
      "sub-agents/s",
      ": bare client",
      "CPU ms a set",
      "RSS MB",
    ],
    rows: [
      ...contests.map(({ contender: { name }, turns }) =>
        row(name, turns, [
          spread(spreadOf(turns.map(({ cpuMsPerSet }) => cpuMsPerSet))),
          figure(spreadOf(turns.map(({ rssMb }) => rssMb)).median),
        ]),
      ),
      row("bare client: the same pods", bare, ["–", "–"]),
    ],
  };
}

function latencyTable({ contests, bare }: Results): Table {
  const both = (values: readonly number[]): readonly string[] => [
    figure(percentile(values, 0.5)),
    figure(percentile(values, 0.99)),
  ];
  const middle = (values: readonly number[]): string => figure(spreadOf(values).median);
  return {
    title: "One CocoonSet after the other, from the request for it",
    columns: [
      "contender",
      "to its pod: p50 ms",
      "p99 ms",
      "to Running: p50 ms",
      "p99 ms",
      "passes a set of three",
      "ms a pass",
    ],
    rows: [
      ...contests.map(({ contender: { name }, turns }) => [
        name,
        ...both(turns.flatMap(({ toPodMs }) => toPodMs)),
        ...both(turns.flatMap(({ toRunningMs }) => toRunningMs)),
        middle(turns.map(({ passesPerSet }) => passesPerSet)),
        middle(turns.map(({ msPerPass }) => msPerPass)),
      ]),
      [
        "bare client: its pod alone",
        ...both(bare.flatMap(({ toPodMs }) => toPodMs)),
        ...["–", "–", "–", "–"],
      ],
    ],
  };
}

/** By verb and resource; the median of the rounds, for each set. */
function requestTable({ contests, extent }: Results): Table {
  const kinds = [
    ...new Set(contests.flatMap(({ turns }) => turns.flatMap((turn) => Object.keys(turn.requests)))),
  ].sort();
  const perSet = (count: (turn: OperatorTurn) => number, turns: readonly OperatorTurn[]): string =>
    figure(spreadOf(turns.map((turn) => count(turn) / extent.sets)).median);
  const all = ({ requests }: OperatorTurn): number =>
    Object.values(requests).reduce((sum, count) => sum + count, 0);
  return {
    title: "Requests to the API server for each CocoonSet of three pods that is brought up",
    columns: ["request", ...contests.map(({ contender: { name } }) => name)],
    rows: [
      ...kinds.map((kind) => [
        kind,
        ...contests.map(({ turns }) => perSet(({ requests }) => requests[kind] ?? 0, turns)),
      ]),
      ["all", ...contests.map(({ turns }) => perSet(all, turns))],
    ],
  };
}

const rssOf = (rests: readonly Rest[]): number => spreadOf(rests.map(({ rssMb }) => rssMb)).median;
const cpuOf = (rests: readonly Rest[]): number => spreadOf(rests.map(({ cpuPercent }) => cpuPercent)).median;

function restTable({ contests, extent }: Results): Table {
  return {
    title: "At rest: RSS in MB, and CPU in % of a core",
    columns: [
      "contender",
      ...surroundings.flatMap((where) => [`${where}: RSS`, "CPU"]),
      `${(3 * extent.sets).toLocaleString("en")} pods of its own: CPU`,
    ],
    rows: contests.map(({ contender: { name }, turns, rests }) => [
      name,
      ...surroundings.flatMap((where) => [figure(rssOf(rests[where])), figure(cpuOf(rests[where]))]),
      figure(spreadOf(turns.map(({ restCpuPercent }) => restCpuPercent)).median),
    ]),
  };
}

function targetsOf(results: Results): readonly Target[] {
  const [own, ...peers] = results.contests;
  if (own === undefined) throw new Error("a contender is missing");
  const { turns, rests } = own;
  const middle = (of: Speed): number => spreadOf(speeds(turns, of)).median;
  return [
    {
      name: "main agents a second",
      measured: middle("mainsPerSecond"),
      wanted: { atLeast: reference.mainsPerSecond },
      isAbsolute: true,
    },
    {
      name: "sub-agents a second",
      measured: middle("subAgentsPerSecond"),
      wanted: { atLeast: reference.subAgentsPerSecond },
      isAbsolute: true,
    },
    ...peers.flatMap(({ contender: { name }, turns: theirs }) =>
      (["mainsPerSecond", "subAgentsPerSecond"] as const).map((of) => ({
        name: `${of === "mainsPerSecond" ? "main agents" : "sub-agents"} a second of ${name}'s`,
        measured: pairedRatio(speeds(turns, of), speeds(theirs, of)).median,
        wanted: { atLeast: 1 },
      })),
    ),
    {
      name: "memory with foreign pods of that without",
      measured: rssOf(rests["foreign pods that change"]) / rssOf(rests["nothing else"]),
      wanted: { atMost: 1.1 },
    },
    {
      name: "at rest, while foreign pods change: CPU in % of a core",
      measured: cpuOf(rests["foreign pods that change"]),
      wanted: { atMost: 0.5 },
    },
    {
      name: "at rest, with pods of its own: CPU in % of a core",
      measured: spreadOf(turns.map(({ restCpuPercent }) => restCpuPercent)).median,
      wanted: { atMost: 0.5 },
    },
  ];
}

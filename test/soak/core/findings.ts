import { figure } from "../../../bench/core/format.js";
import type { Chart, Findings, Target } from "../../../bench/core/section.js";
import type { SoakResult } from "./over-time.js";
import type { Holding } from "./replicas.js";
import type { ReviewCounts } from "./review.js";
import type { LoadResult } from "./under-load.js";

/** What a long load came to: each decision as it was sent and as it was counted. */
export const loadFindings = (result: LoadResult): Findings => ({
  tables: [
    {
      title: `${result.asked.toLocaleString("en")} requests to the API server in ${figure(result.seconds / 60)} minutes, ${result.restarts} rolling restarts of both replicas meanwhile`,
      columns: ["decision", "must have been made", "counted by the replicas"],
      rows: [...decisionRows(result.expected, result.counted)],
    },
  ],
  targets: [
    { name: "wrong answers", measured: result.failures.length, wanted: { atMost: 0 } },
    {
      name: "replicas that did not end well",
      measured: result.exits.filter(({ code }) => code !== 0).length,
      wanted: { atMost: 0 },
    },
    ...missed(result.expected, result.counted),
  ],
  data: result,
});

/** What an hour came to: memory, handles and files, as curves and by thirds. */
export function soakFindings(result: SoakResult): Findings {
  const { asked, failures, expected, counted, curves, intervalMs } = result;
  const minutes = Math.round((intervalMs * (curves[0]?.length ?? 0)) / 60_000);
  return {
    tables: [
      {
        title: `${asked.toLocaleString("en")} requests over ${minutes} minutes, to two replicas that stay`,
        columns: ["replica", "RSS MB, middle third", "RSS MB, last third", "most", "files", "handles"],
        rows: curves.map((curve, index) => [
          String(index + 1),
          ...[figure(middle(curve)), figure(last(curve)), figure(Math.max(...curve.map(rssMb)))],
          ...[range(curve.map((sample) => sample.openFiles)), range(curve.map((sample) => sample.handles))],
        ]),
      },
    ],
    targets: [
      { name: "wrong answers", measured: failures.length, wanted: { atMost: 0 } },
      ...missed(expected, counted),
      ...curves.flatMap((curve, index) => flat(curve, index + 1)),
    ],
    charts: [memoryChart(result)],
    data: result,
  };
}

function* decisionRows(expected: ReviewCounts, counted: ReviewCounts): Generator<readonly string[]> {
  const [wanted, found] = [expected.toJSON(), counted.toJSON()];
  for (const decision of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
    yield [
      decision,
      ...[wanted, found].map((counts) => (counts[decision as keyof typeof counts] ?? 0).toLocaleString("en")),
    ];
  }
  yield ["all", expected.total.toLocaleString("en"), counted.total.toLocaleString("en")];
}

/** How many decisions were counted that were not made, or the other way round. */
function missed(expected: ReviewCounts, counted: ReviewCounts): readonly Target[] {
  const difference = Object.fromEntries(Object.entries(counted.toJSON()));
  for (const [decision, count] of Object.entries(expected.toJSON())) {
    difference[decision] = (difference[decision] ?? 0) - count;
  }
  const measured = Object.values(difference).reduce((sum, count) => sum + Math.abs(count), 0);
  return [{ name: "decisions by which metrics and requests differ", measured, wanted: { atMost: 0 } }];
}

const flat = (curve: readonly Holding[], replica: number): readonly Target[] => [
  {
    name: `replica ${replica}: RSS at the end of that in the middle`,
    measured: last(curve) / middle(curve),
    wanted: { atMost: 1.1 },
  },
  {
    name: `replica ${replica}: most open files at the end beyond those in the middle`,
    measured: most(thirds(curve).last, "openFiles") - most(thirds(curve).middle, "openFiles"),
    wanted: { atMost: fewFiles },
  },
];

/** Connections come and go with bursts of requests. */
const fewFiles = 16;

const memoryChart = ({ curves, intervalMs }: SoakResult): Chart => ({
  ...{ name: "soak", title: "Memory of two replicas that stay", kind: "lines" },
  ...{ xLabel: "minutes", yLabel: "RSS MB" },
  series: curves.map((curve, index) => ({
    name: `replica ${index + 1}`,
    points: curve.map((sample, at) => [((at + 1) * intervalMs) / 60_000, rssMb(sample)] as const),
  })),
});

const rssMb = ({ rssBytes }: Holding): number => rssBytes / 1e6;
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const middle = (curve: readonly Holding[]): number => mean(thirds(curve).middle.map(rssMb));
const last = (curve: readonly Holding[]): number => mean(thirds(curve).last.map(rssMb));
const most = (curve: readonly Holding[], what: "openFiles"): number =>
  Math.max(...curve.map((sample) => sample[what]));
const range = (values: readonly number[]): string => `${Math.min(...values)}–${Math.max(...values)}`;

function thirds(curve: readonly Holding[]): {
  readonly middle: readonly Holding[];
  readonly last: readonly Holding[];
} {
  const third = Math.floor(curve.length / 3);
  return { middle: curve.slice(third, 2 * third), last: curve.slice(2 * third) };
}

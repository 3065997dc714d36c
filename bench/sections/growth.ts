import { parseFloor } from "../contenders/floors.js";
import { webhook } from "../contenders/webhook.js";
import { figure } from "../core/format.js";
import { type Load, measureInTurns } from "../core/measure.js";
import { cocoonSet, ordinaryPod } from "../core/reviews.js";
import type { Bench, Chart, Findings, Section, Table } from "../core/section.js";
import { onStage } from "../core/stage.js";
import { spreadOf } from "../core/statistics.js";

/** How cost grows with what people send. */
export const growth: Section = { name: "growth", title: "How it grows", inShort: false, run };

interface Point {
  readonly x: number;
  readonly bodyBytes: number;
  readonly cpuUs: number;
  readonly requestsPerSecond: number;
  readonly peakRssMb: number;
}

interface Curve {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly loads: readonly (Load & { readonly x: number })[];
}

const pod = { path: "/mutate", connections: 8 };

const curves: readonly Curve[] = [
  {
    name: "body-size",
    title: "Size of a pod",
    unit: "kB",
    loads: [3, 10, 30, 100, 300, 1000, 3000].map((x) => ({ ...pod, x, body: ordinaryPod(x * 1000) })),
  },
  {
    name: "connections",
    title: "Connections, with the 2.7 kB pod",
    unit: "connections",
    loads: [1, 4, 16, 64, 256, 512].map((x) => ({ ...pod, x, connections: x, body: ordinaryPod(2700) })),
  },
  {
    name: "toolboxes",
    title: "Toolboxes of a CocoonSet",
    unit: "toolboxes",
    loads: [1, 5, 20, 50, 100, 200, 500].map((x) => ({
      path: "/validate-cocoonset",
      connections: 8,
      x,
      body: cocoonSet(x),
    })),
  },
];

async function run({ folder, short, patience, progress }: Bench): Promise<Findings> {
  const effort = { rounds: short ? 1 : 3, turnS: short ? 1 : 2, folder, patience };
  const measured = await onStage(folder, [webhook, parseFloor], async (running) => {
    const found: { readonly curve: Curve; readonly points: ReadonlyMap<string, readonly Point[]> }[] = [];
    for (const curve of curves) {
      const points = new Map(running.map(({ name }) => [name, [] as Point[]]));
      for (const load of curve.loads) {
        progress(`${curve.title}: ${load.x}`);
        // A turn has to see some dozens of requests to say anything.
        const turnS = load.body.length > 500_000 ? 5 : effort.turnS;
        for (const [{ name }, samples] of await measureInTurns(running, load, { ...effort, turnS })) {
          const middle = (key: "cpuUsPerRequest" | "requestsPerSecond" | "peakRssMb"): number =>
            spreadOf(samples.map((sample) => sample[key] ?? Number.NaN)).median;
          points.get(name)?.push({
            x: load.x,
            bodyBytes: load.body.length,
            cpuUs: middle("cpuUsPerRequest"),
            requestsPerSecond: middle("requestsPerSecond"),
            peakRssMb: middle("peakRssMb"),
          });
        }
      }
      found.push({ curve, points });
    }
    return found;
  });
  return {
    tables: measured.map(({ curve, points }) => tableOf(curve, points)),
    targets: measured.flatMap(({ curve, points }) => [
      {
        name: `growth with ${curve.unit}: CPU of a request, of a straight line's`,
        measured: worstAgainstLine(points.get(webhook.name) ?? []),
        wanted: { atMost: 1.25 },
      },
    ]),
    charts: measured.flatMap(({ curve, points }) => chartsOf(curve, points)),
    data: measured.map(({ curve, points }) => ({ curve: curve.name, points: Object.fromEntries(points) })),
  };
}

/**
 * How far the last point lies above the straight line through the ones before it: a cost that grows faster than what is
 * sent lies well above it. More connections do not make a request larger, so there the line is flat.
 */
function worstAgainstLine(points: readonly Point[]): number {
  const [first, last] = [points.at(Math.floor(points.length / 2)), points.at(-1)];
  if (first === undefined || last === undefined) return Number.NaN;
  return last.cpuUs / first.cpuUs / (last.bodyBytes / first.bodyBytes);
}

function tableOf({ title, unit }: Curve, points: ReadonlyMap<string, readonly Point[]>): Table {
  const own = points.get(webhook.name) ?? [];
  const floor = points.get(parseFloor.name) ?? [];
  return {
    title,
    columns: [
      unit,
      "requests/s",
      "CPU µs a request",
      "CPU : parse floor",
      "peak RSS MB",
      "floor's peak RSS MB",
    ],
    rows: own.map((point, index) => [
      String(point.x),
      figure(point.requestsPerSecond),
      figure(point.cpuUs),
      figure(point.cpuUs / (floor[index]?.cpuUs ?? Number.NaN)),
      figure(point.peakRssMb),
      figure(floor[index]?.peakRssMb),
    ]),
  };
}

const chartsOf = (
  { name, title, unit }: Curve,
  points: ReadonlyMap<string, readonly Point[]>,
): readonly Chart[] =>
  (
    [
      ["requestsPerSecond", "requests/s"],
      ["peakRssMb", "peak RSS MB"],
    ] as const
  ).map(([key, yLabel]) => ({
    name: `${name}-${key === "peakRssMb" ? "memory" : "requests"}`,
    title: `${title}: ${yLabel}`,
    kind: "lines",
    xLabel: unit,
    yLabel,
    series: [...points].map(([contender, own]) => ({
      name: contender,
      points: own.map((point) => [point.x, point[key]] as const),
    })),
  }));

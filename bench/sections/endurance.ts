import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseFloor } from "../contenders/floors.js";
import { webhook } from "../contenders/webhook.js";
import { figure } from "../core/format.js";
import { load } from "../core/load.js";
import { usageOf } from "../core/process-usage.js";
import { ordinaryPod } from "../core/reviews.js";
import type { Bench, Findings, Section } from "../core/section.js";
import { onStage } from "../core/stage.js";

/** What it holds after a long time at full load. Both share the core for the whole time, so both see the same machine. */
export const endurance: Section = {
  name: "endurance",
  title: "Ten minutes at full load",
  inShort: false,
  run,
};

async function run({ folder, short, progress }: Bench): Promise<Findings> {
  const minutes = short ? 1 : 10;
  const durationS = minutes * 60;
  const bodyFile = path.join(folder, "endurance.json");
  writeFileSync(bodyFile, ordinaryPod(2700));
  const curves = await onStage(folder, [webhook, parseFloor], async (running) => {
    const rss = running.map(({ name }) => ({ name, rssMb: [] as number[] }));
    const loads = Promise.all(
      running.map(({ url }) => load({ url: `${url}/mutate`, bodyFile, connections: 8, durationS })),
    );
    for (let second = 0; second < durationS; second += 10) {
      await sleep(10_000);
      for (const [index, { pid = 0 }] of running.entries()) rss[index]?.rssMb.push(usageOf(pid).rssMb);
      if (second % 60 === 0) progress(`${second / 60} of ${minutes} minutes`);
    }
    const results = await loads;
    return rss.map((curve, index) => ({ ...curve, requests: results[index]?.requests ?? 0 }));
  });
  // Single looks depend on when garbage was last collected; what counts is what a stretch of time holds on average.
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const lastThird = (values: readonly number[]): number => mean(values.slice(-Math.ceil(values.length / 3)));
  const middleThird = (values: readonly number[]): number =>
    mean(values.slice(Math.floor(values.length / 3), -Math.ceil(values.length / 3)));
  const [own, floor] = curves;
  if (own === undefined || floor === undefined) throw new Error("a contender is missing");
  return {
    tables: [
      {
        title: `Memory over ${minutes} minutes of the 2.7 kB pod over 8 connections`,
        columns: ["contender", "requests", "RSS MB, middle third", "RSS MB, last third", "most"],
        rows: curves.map(({ name, requests, rssMb }) => [
          name,
          requests.toLocaleString("en"),
          figure(middleThird(rssMb)),
          figure(lastThird(rssMb)),
          figure(Math.max(...rssMb)),
        ]),
      },
    ],
    targets: [
      {
        name: "endurance: RSS of the parse floor's",
        measured: lastThird(own.rssMb) / lastThird(floor.rssMb),
        wanted: { atMost: 1.6 },
      },
      {
        name: "endurance: RSS at the end of that in the middle",
        measured: lastThird(own.rssMb) / middleThird(own.rssMb),
        wanted: { atMost: 1.1 },
      },
    ],
    charts: [
      {
        name: "endurance",
        title: "Memory at full load",
        kind: "lines",
        xLabel: "minutes",
        yLabel: "RSS MB",
        series: curves.map(({ name, rssMb }) => ({
          name,
          points: rssMb.map((value, index) => [(index + 1) / 6, value] as const),
        })),
      },
    ],
    data: curves,
  };
}

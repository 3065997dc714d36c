import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseFloor } from "../contenders/floors.js";
import { webhook } from "../contenders/webhook.js";
import { figure } from "../core/format.js";
import { load } from "../core/load.js";
import { measureInTurns, type Sample } from "../core/measure.js";
import { ordinaryPod } from "../core/reviews.js";
import type { Bench, Findings, Section } from "../core/section.js";
import { onStage } from "../core/stage.js";
import { spreadOf } from "../core/statistics.js";
import { undisturbed } from "../core/undisturbed.js";

/** Latency where there is time to spare: a server that is only half busy should not keep anybody waiting. */
export const halfLoad: Section = { name: "half-load", title: "Latency at half load", inShort: false, run };

const connections = 64;
const endpoint = "/mutate";

async function run({ folder, peers, short, patience, progress }: Bench): Promise<Findings> {
  const body = ordinaryPod(2700);
  const bodyFile = path.join(folder, "half-load.json");
  writeFileSync(bodyFile, body);
  const results = await onStage(folder, [webhook, parseFloor, ...peers], async (running) => {
    const taken: { readonly name: string; readonly samples: readonly Sample[] }[] = [];
    for (const contender of running) {
      progress(contender.name);
      // Each at half of its own most, found just before.
      const full = { url: contender.url + endpoint, bodyFile, connections, durationS: 2 };
      await undisturbed(() => load(full), patience);
      const { result: most } = await undisturbed(() => load(full), patience);
      const pauseMs = Math.round((1000 * connections) / (most.requestsPerSecond / 2));
      const effort = { rounds: short ? 2 : 5, turnS: 3, folder, patience };
      const samples = await measureInTurns(
        [contender],
        { path: endpoint, body, connections, pauseMs },
        effort,
      );
      taken.push({ name: contender.name, samples: samples.get(contender) ?? [] });
    }
    return taken;
  });
  const middle = (
    samples: readonly Sample[],
    key: "requestsPerSecond" | "p50Ms" | "p99Ms" | "p999Ms",
  ): number => spreadOf(samples.map((sample) => sample[key])).median;
  const tailOf = (samples: readonly Sample[]): number =>
    spreadOf(samples.map(({ p99Ms, p50Ms }) => p99Ms / p50Ms)).median;
  return {
    tables: [
      {
        title: `The 2.7 kB pod over ${connections} connections, at half of the most that each contender can do`,
        columns: ["contender", "requests/s", "p50 ms", "p99 ms", "p99.9 ms", "p99 : p50"],
        rows: results.map(({ name, samples }) => [
          name,
          figure(middle(samples, "requestsPerSecond")),
          figure(middle(samples, "p50Ms")),
          figure(middle(samples, "p99Ms")),
          figure(middle(samples, "p999Ms")),
          figure(tailOf(samples)),
        ]),
      },
    ],
    targets: results
      .filter(({ name }) => name === webhook.name)
      .map(({ samples }) => ({
        name: "half load: p99 of p50",
        measured: tailOf(samples),
        wanted: { atMost: 3 },
      })),
    data: results,
  };
}

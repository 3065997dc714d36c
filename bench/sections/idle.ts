import { setTimeout as sleep } from "node:timers/promises";
import { parseFloor } from "../contenders/floors.js";
import { webhook } from "../contenders/webhook.js";
import { figure } from "../core/format.js";
import { usageOf } from "../core/process-usage.js";
import type { Bench, Findings, Section } from "../core/section.js";
import { onStage } from "../core/stage.js";

/** What it costs while nobody asks anything. */
export const idle: Section = { name: "idle", title: "Nothing to do", inShort: false, run };

async function run({ folder, short, progress }: Bench): Promise<Findings> {
  const seconds = short ? 10 : 60;
  progress(`waiting for ${seconds} s`);
  const results = await onStage(folder, [webhook, parseFloor], async (running) => {
    // What starting leaves behind, compilation and a collection of garbage, is not idling.
    await sleep(5000);
    const before = running.map(({ pid = 0 }) => usageOf(pid));
    await sleep(seconds * 1000);
    return running.map(({ name, pid = 0 }, index) => {
      const { cpuUs, rssMb } = usageOf(pid);
      return { name, rssMb, cpuPercent: (cpuUs - (before[index]?.cpuUs ?? 0)) / (seconds * 1e4) };
    });
  });
  return {
    tables: [
      {
        title: `Over ${seconds} s without a request`,
        columns: ["contender", "CPU, % of a core", "RSS MB"],
        rows: results.map(({ name, cpuPercent, rssMb }) => [name, figure(cpuPercent), figure(rssMb)]),
      },
    ],
    targets: results
      .filter(({ name }) => name === webhook.name)
      .map(({ cpuPercent }) => ({
        name: "idle: CPU in % of a core",
        measured: cpuPercent,
        wanted: { atMost: 0.5 },
      })),
    data: results,
  };
}

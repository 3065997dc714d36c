import { setTimeout as sleep } from "node:timers/promises";
import type { OperatorContender } from "../contenders/operator.js";
import { usageOf } from "../core/process-usage.js";
import type { Field } from "./field.js";

/** What starting, or a crowd, leaves behind is over by then. */
const settleMs = 5_000;

/** What a process uses of a core when it has come to rest, in percent. */
export async function cpuPercentOver(pid: number, seconds: number): Promise<number> {
  await sleep(settleMs);
  const before = usageOf(pid);
  await sleep(seconds * 1_000);
  return (usageOf(pid).cpuUs - before.cpuUs) / (seconds * 1e4);
}

/** An operator that nobody asks for anything. */
export interface Rest {
  readonly rssMb: number;
  readonly cpuPercent: number;
}

/** Starts an operator, and looks at what it holds and uses where there are no sets. */
export async function restOf(field: Field, contender: OperatorContender, seconds: number): Promise<Rest> {
  await using running = await contender.start(field.stage);
  const cpuPercent = await cpuPercentOver(running.pid, seconds);
  return { rssMb: usageOf(running.pid).rssMb, cpuPercent };
}

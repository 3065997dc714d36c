import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Running } from "../contenders/contender.js";
import { load, type LoadResult } from "./load.js";
import { forgetPeak, usageOf } from "./process-usage.js";
import type { Patience } from "./patience.js";
import { type Turn, undisturbed } from "./undisturbed.js";

/** What one contender did in one round. What cannot be seen of a process elsewhere is undefined. */
export interface Sample extends LoadResult {
  readonly cpuUsPerRequest: number | undefined;
  readonly peakRssMb: number | undefined;
  readonly loopDelayMs: number | undefined;
}

/** A load, without the server that it is put on. */
export interface Load {
  readonly path: string;
  readonly body: string;
  readonly connections: number;
  readonly newConnections?: boolean;
  readonly pauseMs?: number;
}

/** How long and how often. */
export interface Effort {
  readonly rounds: number;
  /** Length of a contender's turn, in whole seconds. */
  readonly turnS: number;
  /** For files that go when the benchmark ends. */
  readonly folder: string;
  readonly patience: Patience;
}

/**
 * Measures contenders in turns: in every round each has one, and every round begins with another, so that what the machine
 * does besides falls on all of them; a turn that the machine spoilt is taken again. Gives the samples of each, in the order of the rounds.
 */
export async function measureInTurns(
  contenders: readonly Running[],
  work: Load,
  { rounds, turnS, folder, patience }: Effort,
): Promise<ReadonlyMap<Running, readonly Sample[]>> {
  const bodyFile = path.join(folder, "body.json");
  writeFileSync(bodyFile, work.body);
  const take = (contender: Running, durationS: number): Promise<Turn<Sample>> =>
    undisturbed(() => sample(contender, { ...work, bodyFile, durationS }), patience);

  for (const contender of contenders) await warmUp(() => take(contender, 1));
  const samples = new Map(contenders.map((contender) => [contender, [] as Sample[]]));
  for (let round = 0; round < rounds; round++) {
    const order = contenders.map((_, index) => contenders[(index + round) % contenders.length]);
    for (const contender of order) {
      if (contender === undefined) continue;
      const { result, share } = await take(contender, turnS);
      patience.counted(share);
      samples.get(contender)?.push(result);
    }
  }
  return samples;
}

/** The first requests compile the code and fill the caches: they are nobody's everyday. */
async function warmUp(takeTurn: () => Promise<Turn<Sample>>): Promise<void> {
  let requests = 0;
  for (let turn = 0; turn < 5 && requests < 10_000; turn++) requests += (await takeTurn()).result.requests;
}

async function sample(
  contender: Running,
  { path: endpoint, ...work }: Omit<Load, "body"> & { readonly bodyFile: string; readonly durationS: number },
): Promise<Sample> {
  const { pid } = contender;
  await contender.loopDelayMs();
  if (pid !== undefined) forgetPeak(pid);
  const before = pid === undefined ? undefined : usageOf(pid);
  const result = await load({ ...work, url: contender.url + endpoint });
  const after = pid === undefined ? undefined : usageOf(pid);
  return {
    ...result,
    cpuUsPerRequest: before && after && (after.cpuUs - before.cpuUs) / result.requests,
    peakRssMb: after?.peakRssMb,
    loopDelayMs: await contender.loopDelayMs(),
  };
}

import { setTimeout as sleep } from "node:timers/promises";
import type { SupervisedProcess } from "./process.js";

/** A control plane that did not come up. The message ends with the last lines of the process that is to blame. */
export class StartError extends Error {
  override readonly name = "StartError";
  /** The log of that process. */
  readonly log: readonly string[];

  constructor(what: string, process: SupervisedProcess) {
    const lines = process.log();
    super(`${what} Its last lines:\n${lines.slice(-15).join("\n")}`);
    this.log = lines;
  }
}

const intervalMs = 50;

/**
 * Waits until `probe` returns undefined; until then it returns, or throws, what is still amiss.
 *
 * @param process the one that is probed.
 * @param needs those that it cannot become ready without.
 * @param deadline of `performance.now()`, in milliseconds.
 * @throws {StartError} when one of the processes ends before that, or the deadline passes.
 */
export async function waitUntilReady(
  process: SupervisedProcess,
  needs: readonly SupervisedProcess[],
  deadline: number,
  probe: () => Promise<string | undefined>,
): Promise<void> {
  for (;;) {
    const amiss = await probe().catch((error: unknown) => String(error));
    // First of all: whoever answers on the port of a process that has ended is somebody else.
    for (const each of [...needs, process]) {
      const ending = each.ending();
      if (ending !== undefined) throw new StartError(`${each.name} ${ending} before it was ready.`, each);
    }
    if (amiss === undefined) return;
    if (performance.now() > deadline) {
      throw new StartError(`${process.name} did not become ready in time: ${amiss}.`, process);
    }
    await sleep(intervalMs);
  }
}

import { errorCode } from "@cocoonstack/common/k8s";
import { probeNameOf } from "../registration/index.js";
import { type Owner, ownerOf } from "./owner.js";
import type { Probe } from "./probe.js";
import type { ConfigurationRef, Registrations } from "./registrations.js";

/** What was found of others. */
export interface Found {
  /** Removed: their owner ended without taking them back. */
  readonly removed: readonly Registered[];
  /** Left alone. */
  readonly others: readonly Registered[];
}

/** A registration for development. */
export interface Registered {
  readonly configuration: ConfigurationRef;
  /** Undefined where somebody has changed what says so. */
  readonly owner: Owner | undefined;
}

/** What leftovers are told by. */
export interface Cluster {
  readonly registrations: Pick<Registrations, "list" | "remove">;
  readonly probe: Pick<Probe, "isUnanswered">;
  /** What tells this machine from all others, as in {@link Owner}. */
  readonly machine: string;
  /** @default asks the system */
  readonly isRunning?: (pid: number) => boolean;
}

/**
 * Removes what is left of runs on this machine that were killed. A registration goes only where all three say that its
 * owner is gone: it was made on this machine, the process no longer runs, and the API server gets no answer from just
 * this registration. So a colleague's stays, also that of a laptop that sleeps, whatever the machines are called; and
 * one's own that a debugger has stopped.
 */
export async function removeLeftovers(cluster: Cluster): Promise<Found> {
  const registered = (await cluster.registrations.list()).map((configuration) => ({
    configuration,
    owner: ownerOf(configuration.metadata),
  }));
  const verdicts = await Promise.all(registered.map((one) => isLeftover(one, cluster)));
  const removed = registered.filter((_, index) => verdicts[index] === true);
  await Promise.all(removed.map(({ configuration }) => cluster.registrations.remove(configuration)));
  return { removed, others: registered.filter((_, index) => verdicts[index] !== true) };
}

async function isLeftover({ configuration, owner }: Registered, cluster: Cluster): Promise<boolean> {
  const { isRunning = runsHere } = cluster;
  if (owner?.machine !== cluster.machine || isRunning(owner.pid)) return false;
  return cluster.probe.isUnanswered({
    name: probeNameOf(configuration),
    namespace: owner.probeNamespace,
  });
}

/** Signal 0 reaches nobody; whether it could is the answer. Somebody else's process runs as well. */
function runsHere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== "ESRCH";
  }
}

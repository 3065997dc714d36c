import { type Logger, setup } from "@cocoonstack/common/log";
import {
  asStartupError,
  buildInfo,
  clusterOf,
  connectTo,
  StartupError,
  stopSignals,
} from "@cocoonstack/program/command-line";
import {
  type FlagsOf,
  mistypedText,
  mistypedVariables,
  readSettings,
  type SettingsOf,
} from "@cocoonstack/program/settings";
import { Agent } from "../agent/index.js";
import { FaultBoard, parseFaults, recordsIn, SimulatedBackend } from "../simulated/index.js";
import type { SnapshotStore } from "../snapshots/index.js";
import { options } from "./options.js";
import { openSnapshots, readPlace } from "./snapshots.js";

/** How `cocoon-node` was called. */
export interface RunArguments {
  readonly flags: FlagsOf<typeof options>;
  readonly removesNode: boolean;
}

type Config = SettingsOf<typeof options>;

/** On the Node: which faults its VMs have. */
const faultsAnnotation = "simulated.cocoonstack.io/faults";

/**
 * Runs the agent until it is told to stop.
 *
 * @throws {StartupError} with everything that is wrong, where it cannot start, or does not come to a good end.
 */
export async function run({ flags, removesNode }: RunArguments): Promise<void> {
  const settings = readSettings(options, flags, process.env);
  const registry = flags.registry ?? process.env[options.registry.env];
  const place = await readPlace({ ...process.env, OCI_REGISTRY: registry });
  const faults = [...(settings.ok ? [] : settings.faults), ...(place.ok ? [] : place.faults)];
  if (!settings.ok || !place.ok) throw new StartupError(faults, 2);
  const { config } = settings;
  const { env: levelVariable } = options.logLevel;
  const log = setup(levelVariable, { env: { [levelVariable]: config.logLevel } });
  for (const mistyped of mistypedVariables(options, process.env)) {
    log.warn({ variable: mistyped.name, meant: mistyped.meant }, mistypedText(mistyped));
  }
  const { snapshots, close } = openSnapshots(place.registry, log);
  const { stop } = stopSignals(log);
  try {
    await serve({ config, log, snapshots, stop, removesNode });
  } catch (error) {
    throw asStartupError(error);
  } finally {
    await close();
  }
  log.info({}, "stopped");
}

interface Run {
  readonly config: Config;
  readonly log: Logger;
  readonly snapshots: SnapshotStore;
  readonly stop: AbortSignal;
  readonly removesNode: boolean;
}

async function serve({ config, log, snapshots, stop, removesNode }: Run): Promise<void> {
  const { name, pool, maxPods: pods, stateDir } = config;
  const connection = await connectTo(await clusterOf(config.kubeconfig), "cocoon-node");
  const faults = new FaultBoard({
    "*": { delayMs: { start: config.bootMs, save: config.saveMs, push: config.pushMs } },
  });
  const agent = new Agent({
    connection,
    node: { name, pool, pods, version: buildInfo.version },
    backend: new SimulatedBackend({
      host: name,
      snapshots,
      faults,
      ...(stateDir !== undefined && { records: recordsIn(stateDir) }),
    }),
    interference: faults,
    log,
    onNodeAnnotations: (annotations) => {
      setFaults(faults, annotations[faultsAnnotation] ?? "", log);
    },
  });
  try {
    log.info({ ...buildInfo, node: name, pool, server: connection.server }, "starting");
    await agent.run(stop);
    if (removesNode) await agent.removeNode();
  } finally {
    await connection.close();
  }
}

/** Faults that cannot be read leave those before them as they are. */
function setFaults(board: FaultBoard, text: string, log: Logger): void {
  const parsed = parseFaults(text);
  if (parsed.ok) board.set(parsed.rules);
  else log.warn({ annotation: faultsAnnotation, faults: parsed.faults }, "the faults cannot be read");
}

import { readFile } from "node:fs/promises";
import type { ClusterConfig } from "@cocoonstack/common/k8s";
import { type Logger, setup } from "@cocoonstack/common/log";
import {
  asStartupError,
  buildInfo,
  clusterOf,
  connectTo,
  StartupError,
  stopSignals,
} from "@cocoonstack/program/command-line";
import { type FlagsOf, mistypedText, mistypedVariables, readSettings } from "@cocoonstack/program/settings";
import {
  openRegistry,
  readSettings as readRegistrySettings,
  type RegistrySettings,
} from "@cocoonstack/registry";
import { type Config, options } from "../config/index.js";
import { runOperator } from "../server/index.js";

/** How `serve` was called. */
export interface ServeArguments {
  readonly flags: FlagsOf<typeof options>;
  readonly isDryRun: boolean;
}

/** Requests of all workers, creations, events, lease and proofs share these. */
const connections = 24;

/**
 * Runs the operator until it is told to stop.
 *
 * @throws {StartupError} with everything that is wrong, where it cannot start, or lost its lease.
 */
export async function serve({ flags, isDryRun }: ServeArguments): Promise<void> {
  const settings = readSettings(options, flags, process.env);
  const place = await readRegistrySettings(process.env, (path) => readFile(path, "utf8"));
  const faults = [...(settings.ok ? [] : settings.faults), ...(place.ok ? [] : place.faults)];
  if (!settings.ok || !place.ok) throw new StartupError(faults, 2);
  const { config } = settings;
  const log = setup(options.logLevel.env, { env: { [options.logLevel.env]: config.logLevel } });
  for (const mistyped of mistypedVariables(options, process.env)) {
    log.warn({ variable: mistyped.name, meant: mistyped.meant }, mistypedText(mistyped));
  }
  try {
    await run({ config, registry: place.settings, isDryRun, log });
  } catch (error) {
    throw asStartupError(error);
  }
  log.info({}, "stopped");
}

interface Run {
  readonly config: Config;
  readonly registry: RegistrySettings;
  readonly isDryRun: boolean;
  readonly log: Logger;
}

async function run({ config, registry, isDryRun, log }: Run): Promise<void> {
  const { stop } = stopSignals(log);
  const cluster = await clusterOf(config.kubeconfig);
  const connection = await connectTo(cluster, "cocoon-operator", { connections });
  try {
    await runOperator({
      config,
      leaseNamespace: config.leaseNamespace ?? namespaceOf(cluster),
      isDryRun,
      connection,
      registry: (onCall) =>
        openRegistry(registry, { onCall, userAgent: `cocoon-operator/${buildInfo.version}` }),
      log,
      build: buildInfo,
      signal: stop,
      onListening: ({ metrics, probes }) => {
        log.info({ ...buildInfo, isDryRun, metrics, probes, server: connection.server }, "listening");
      },
    });
  } finally {
    await connection.close();
  }
}

const namespaceOf = ({ namespace }: ClusterConfig): string => namespace ?? "default";

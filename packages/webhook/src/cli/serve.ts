import { hostname } from "node:os";
import { type ClusterConnection, sleep } from "@cocoonstack/common/k8s";
import { type Logger, setup } from "@cocoonstack/common/log";
import {
  asStartupError,
  buildInfo,
  clusterOf,
  connectTo,
  StartupError,
  stopSignals,
} from "@cocoonstack/program/command-line";
import { mistypedText, mistypedVariables } from "@cocoonstack/program/settings";
import { type Config, type Flags, options, readConfig } from "../config/index.js";
import { ApiServerProbe, both, ClientAuthorities, runWebhook } from "../server/index.js";
import { banner } from "./banner.js";
import { type CertificateSource, fromFiles, fromSecret } from "./certificate-sources.js";
import { throwawayCertificate } from "./throwaway-certificate.js";

/** How `serve` was called. */
export interface ServeArguments {
  readonly flags: Flags;
  readonly standalone: boolean;
}

interface Run {
  readonly config: Config;
  readonly log: Logger;
  /** Undefined without a cluster. */
  readonly connection: ClusterConnection | undefined;
  /** Undefined where it is made later, in the cluster. */
  readonly source: CertificateSource | undefined;
  /** Undefined where anybody may ask. */
  readonly clientAuthorities: ClientAuthorities | undefined;
}

/**
 * Runs the webhook until it is told to stop.
 *
 * @throws StartupError with everything that is wrong, where it cannot start
 */
export async function serve({ flags, standalone }: ServeArguments): Promise<void> {
  const settings = readConfig(flags, process.env, standalone ? ownMachineOnly : {});
  if (!settings.ok) throw new StartupError(settings.faults, 2);
  const { config } = settings;
  // A full disk, or a terminal that is gone: what cannot be said keeps nobody from being served. The log sees to its own.
  process.stderr.on("error", () => undefined);
  const log = setup(options.logLevel.env, { env: { [options.logLevel.env]: config.logLevel } });
  for (const mistyped of mistypedVariables(options, process.env)) {
    log.warn({ variable: mistyped.name, meant: mistyped.meant }, mistypedText(mistyped));
  }

  try {
    // Everything is checked before anything is reported: authorities, certificate and cluster may all be wrong.
    const [clientAuthorities, rest] = await both(
      config.clientCa === undefined ? Promise.resolve(undefined) : ClientAuthorities.read(config.clientCa),
      standalone ? withoutCluster() : withCluster(config),
    );
    await runUntilStopped({ config, log, clientAuthorities, ...rest });
  } catch (error) {
    throw asStartupError(error);
  }
  log.info({}, "stopped");
}

/** Whoever tries the webhook on a laptop does not mean to serve the café's network. */
const ownMachineOnly: Flags = { listenAddr: "127.0.0.1:8443", metricsAddr: "127.0.0.1:9090" };

async function runUntilStopped({ config, log, connection, source, clientAuthorities }: Run): Promise<void> {
  const { stop, hurry } = stopSignals(log);
  try {
    if (connection !== undefined) await waitForApiServer(connection, log, stop);
    const { tlsSecret: secret } = config;
    const certificates =
      connection === undefined || secret === undefined || stop.aborted
        ? source
        : await fromSecret({ config, secret, connection, log, stop });
    if (stop.aborted || certificates === undefined) return;
    await runWebhook({
      certificate: certificates.certificate,
      renewal: certificates.renewal,
      clientAuthorities,
      connection,
      config,
      log,
      build: buildInfo,
      signal: stop,
      hurry,
      onListening: ({ admission, metrics }) => {
        const standalone = connection === undefined;
        log.info({ ...buildInfo, standalone, admission, metrics, server: connection?.server }, "listening");
        if (standalone) process.stderr.write(banner({ version: buildInfo.version, admission, metrics }));
      },
    });
  } finally {
    await connection?.close();
  }
}

async function withoutCluster(): Promise<Pick<Run, "connection" | "source">> {
  return {
    connection: undefined,
    source: { certificate: await throwawayCertificate(hostname()), renewal: undefined },
  };
}

/** Both at once, so that the faults of both are reported. */
async function withCluster(config: Config): Promise<Pick<Run, "connection" | "source">> {
  const [source, connection] = await both(
    config.tlsSecret === undefined ? fromFiles(config) : Promise.resolve(undefined),
    clusterOf(config.kubeconfig).then((cluster) => connectTo(cluster, "cocoon-webhook")),
  );
  return { connection, source };
}

const startTimeoutMs = 15_000;
const retryIntervalMs = 1000;

/** An API server that restarts is back in seconds; one that is not there at all is a mistake to report. */
async function waitForApiServer(
  connection: ClusterConnection,
  log: Logger,
  stop: AbortSignal,
): Promise<void> {
  const probe = new ApiServerProbe(connection);
  const deadlineMs = performance.now() + startTimeoutMs;
  for (;;) {
    const fault = await probe.ask();
    if (fault === undefined || stop.aborted) return;
    if (performance.now() > deadlineMs) {
      throw new StartupError([
        `no use of the API server ${connection.server} within ${startTimeoutMs / 1000} s: ${fault}; ` +
          `check the kubeconfig (or the pod's service account) and the network`,
      ]);
    }
    log.warn({ server: connection.server, fault }, "waiting for the API server");
    await sleep(retryIntervalMs, stop);
  }
}

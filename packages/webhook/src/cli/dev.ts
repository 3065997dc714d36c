import type { ClusterConfig, ClusterConnection } from "@cocoonstack/common/k8s";
import {
  asStartupError,
  buildInfo,
  clusterOf,
  connectTo,
  say,
  StartupError,
} from "@cocoonstack/program/command-line";
import { mistypedText, mistypedVariables } from "@cocoonstack/program/settings";
import { type Config, options as settings, readConfig } from "../config/index.js";
import { type DecisionFormat, isLocal, type OwnAddress, ownAddressOf } from "../dev/index.js";
import { ApiServerProbe } from "../server/index.js";
import { confirm } from "./confirm.js";
import { serveRegistered } from "./dev-session.js";

/** The options of `dev`, as commander gives them. */
export interface DevCommandOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly host: string;
  readonly port: string;
  readonly podCreators?: string;
  readonly output: DecisionFormat;
  readonly yes?: true;
}

/**
 * Decides for a cluster until it is told to stop.
 *
 * @throws {StartupError} with everything that is wrong, when it cannot, or when its registration could not be taken back.
 */
export async function dev(options: DevCommandOptions): Promise<void> {
  const { address, config } = settingsOf(options);
  try {
    const cluster = await clusterOf(options.kubeconfig, options.context);
    const connection = await connectTo(cluster, "cocoon-webhook");
    try {
      await answers(connection);
      await announce(cluster, options);
      const { namespace, output } = options;
      await serveRegistered({ address, config, cluster, connection, namespace, output });
    } finally {
      await connection.close();
    }
  } catch (error) {
    throw asStartupError(error);
  }
}

/** The one variable that changes decisions; the others are about servers in a cluster. */
const decisive = settings.podCreators.env;

/**
 * What the options mean.
 *
 * @throws {StartupError} with everything about them that cannot be used.
 */
function settingsOf({ host, port, podCreators }: DevCommandOptions): {
  readonly address: OwnAddress;
  readonly config: Config;
} {
  const isPort = /^[0-9]{1,5}$/.test(port) && Number(port) <= 65_535;
  const address = ownAddressOf(host, isPort ? Number(port) : 0);
  const result = readConfig(
    {
      podCreators,
      listenAddr: address?.listenAddr,
      metricsAddr: "127.0.0.1:0",
      drainDelayMs: "0s",
      shutdownTimeoutMs: "5s",
    },
    { [decisive]: process.env[decisive] },
  );
  if (isPort && address !== undefined && result.ok) return { address, config: result.config };
  const name = "a host name or an IP address alone, such as host.docker.internal or 10.0.0.7";
  const faults = [
    ...(address === undefined ? [`the --host flag must be ${name}; it is ${JSON.stringify(host)}`] : []),
    ...(isPort ? [] : [`the --port flag must be a number from 0 to 65535; it is ${JSON.stringify(port)}`]),
    ...(result.ok ? [] : result.faults),
  ];
  throw new StartupError(faults, 2);
}

/** @throws {StartupError} when the API server does not. */
async function answers(connection: ClusterConnection): Promise<void> {
  const fault = await new ApiServerProbe(connection).ask();
  if (fault === undefined) return;
  throw new StartupError([
    `no use of the API server ${connection.server}: ${fault}; check the kubeconfig, and that the cluster runs`,
  ]);
}

/**
 * Says what is about to be touched, and asks first where that may be somebody else's.
 *
 * @throws {StartupError} when the answer is no, or nobody is there to ask.
 */
async function announce(cluster: ClusterConfig, { namespace, yes }: DevCommandOptions): Promise<void> {
  const { context = "(the pod's own cluster)", server } = cluster;
  const local = isLocal(cluster);
  say(`cocoon-webhook ${buildInfo.version}, for development`);
  say(`  cluster  ${context}, ${server}${local ? ", on this machine" : ""}`);
  say(`  scope    ${namespace === undefined ? "all namespaces" : `namespace ${namespace} alone`}`);
  for (const mistyped of mistypedVariables(settings, process.env)) {
    if (mistyped.meant === decisive) say(`  note     ${mistypedText(mistyped)}`);
  }
  if (local || yes === true) return;

  const question = "\nOthers may use this cluster. Register there?";
  const confirmed = await confirm(question, { input: process.stdin, output: process.stderr });
  if (confirmed === true) return;
  throw new StartupError([
    confirmed === false
      ? "nothing was registered"
      : `others may use the cluster of context ${context}, and there is no terminal to ask at: ` +
        "say --yes to register there, or name another one by --context",
  ]);
}

import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { detectNodeIP } from "@cocoonstack/common/k8s";
import { say, StartupError } from "@cocoonstack/program/command-line";
import {
  clusterNotes,
  type ConfigurationRef,
  type Found,
  hostHint,
  metadataOf,
  type Probe,
  probeFaultLines,
  type Registered,
  Registrations,
  removeLeftovers,
} from "../dev/index.js";
import {
  devConfigurations,
  probeConfigurations,
  probeNameOf,
  type WebhookConfiguration,
} from "../registration/index.js";
import type { ServingCertificate } from "../server/index.js";
import type { DevSession } from "./dev-session.js";
import { machineId } from "./machine-id.js";

/** A webhook that listens. */
export interface Listening {
  /** As API servers reach it. */
  readonly url: string;
  readonly certificate: ServingCertificate;
  /** Told of every decision. */
  readonly probe: Probe;
  /** Aborted to end. */
  readonly stop: AbortSignal;
}

/** A registration takes effect within a second or so; whether packets are lost shows after the five that API servers wait. */
const patienceMs = 8000;

/**
 * Has API servers ask the webhook until it is told to stop. Nothing that others do depends on it before a probe has arrived.
 *
 * @throws {AggregateError} of everything that went wrong, such as that API servers do not reach it.
 */
export async function registered(session: DevSession, webhook: Listening): Promise<void> {
  const { connection, cluster, namespace } = session;
  const probeNamespace = namespace ?? cluster.namespace ?? "default";
  const { url, certificate, probe, stop } = webhook;
  const registrations = new Registrations(connection);
  const machine = await machineId();
  const since = new Date().toISOString();
  const owner = { host: hostname(), machine, pid: process.pid, since, probeNamespace };
  const metadata = metadataOf(owner, randomBytes(4).toString("hex"));
  const reach = { url, caBundlePem: certificate.certPem, probeNamespace };

  const arrive = async (configurations: readonly WebhookConfiguration[]): Promise<void> => {
    for (const name of configurations.map(probeNameOf)) {
      const object = { name, namespace: probeNamespace };
      const fault = await probe.arrives(object, { timeoutMs: patienceMs, signal: stop });
      if (fault === undefined || stop.aborted) continue;
      const hint = hostHint(cluster.context, ownAddress());
      throw new StartupError(probeFaultLines(fault, { url, namespace: probeNamespace, hint }));
    }
  };

  tellOf(await removeLeftovers({ registrations, probe, machine }));
  for (const note of await clusterNotes(connection)) say(`  note     ${note}`);
  const probes = probeConfigurations({ ...reach, metadata: { ...metadata, name: `${metadata.name}-reach` } });
  await registrations.during(probes, () => arrive(probes));
  if (stop.aborted) return;

  const configurations = devConfigurations({ ...reach, metadata, namespace });
  await registrations.during(configurations, async (created) => {
    await arrive(configurations);
    if (stop.aborted) return;
    say(`\nAPI servers ask ${url} now; what they decide with it is shown below. Ctrl-C ends it.\n`);
    const gone = await registrations.untilGone(created, stop);
    if (gone !== undefined) throw new StartupError([goneText(gone)]);
  });
  say("\nThe registration is taken back.");
}

function tellOf({ removed, others }: Found): void {
  for (const one of byName(removed))
    say(`  removed  ${described(one)}: it was killed before it could do so itself`);
  for (const one of byName(others)) say(`  besides  ${described(one)} is registered, and decides as well`);
}

/** One of the two configurations that a run makes. */
const byName = (list: readonly Registered[]): readonly Registered[] => [
  ...new Map(list.map((one) => [one.configuration.metadata.name, one])).values(),
];

function described({ configuration: { metadata }, owner }: Registered): string {
  const whose =
    owner === undefined
      ? "of nobody known"
      : `of process ${owner.pid} on ${owner.host}, since ${owner.since}`;
  return `${metadata.name} (${whose})`;
}

/** An address of this machine that others may reach, where it has one. */
function ownAddress(): string | undefined {
  try {
    return detectNodeIP();
  } catch {
    return undefined;
  }
}

const goneText = ({ kind, metadata: { name } }: ConfigurationRef): string =>
  `${kind} ${name} is gone: somebody deleted it, so that API servers do not ask for all decisions any more; start again`;

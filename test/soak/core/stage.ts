import { type ControlPlane, ensureAssets, startControlPlane } from "../../controlplane/index.js";
import { freePorts } from "../../controlplane/ports.js";
import { installCrds, installPermissiveCrd } from "../../support/crds.js";
import { cocoonSet, hibernation, namespace, pod, workload } from "../../support/objects.js";
import { apply, prepareWebhook, register } from "../../support/registered-webhook.js";
import { healthCheck, startBalancer } from "../../support/rolling/balancer.js";
import { soakNamespace, standing } from "./questions.js";
import { Replicas } from "./replicas.js";
import type { ReviewCounts } from "./review.js";

/** Two replicas behind a balancer, which a real API server asks. */
export interface Stage {
  readonly plane: ControlPlane;
  readonly replicas: Replicas;
  /** What the balancer is. */
  readonly balancer: string;
  /** What the replicas had decided when it was all there: to be taken off what they count later. */
  readonly before: ReviewCounts;
}

/** How replicas end: as they are shipped, or in less time, which a machine at rest and a balancer this near allow. */
export type Pace = "shipped" | "hurried";

const flagsOf: Readonly<Record<Pace, readonly string[]>> = {
  shipped: [],
  // Longer than the balancer takes to learn that a replica is not ready: what DRAIN_DELAY is for.
  hurried: [
    ...["--drain-delay", `${2 * healthCheck.fall * healthCheck.intervalMs}ms`],
    ...["--shutdown-timeout", "2s"],
  ],
};

/**
 * Does something with all that, and ends it. The control plane is its own and runs no controllers, so that nobody asks but those
 * who keep count.
 *
 * @throws {Error} where this machine cannot run a control plane.
 */
export async function onStage<T>(pace: Pace, work: (stage: Stage) => Promise<T>): Promise<T> {
  const result = await ensureAssets();
  if (!result.available) throw new Error(`${result.reason}; ${result.wayOut}`);
  await using plane = await startControlPlane({ assets: result.assets });
  await prepare(plane);
  const { certFile, keyFile } = await prepareWebhook(plane);
  const ports = Object.values(await freePorts("first", "second", "third"));
  const flags = [
    ...["--tls-cert", certFile, "--tls-key", keyFile, "--kubeconfig", plane.kubeconfig("webhook")],
    ...flagsOf[pace],
  ];
  await using replicas = new Replicas({ ports, flags });
  await replicas.add();
  await replicas.add();
  await using balancer = await startBalancer(ports);
  await register(plane, `https://127.0.0.1:${balancer.port}`, certFile);
  const before = await replicas.reviews();
  return await work({ plane, replicas, before, balancer: balancer.kind });
}

/** What the questions are about, before anybody judges it. */
async function prepare(plane: ControlPlane): Promise<void> {
  await installCrds(plane);
  // The shipped one refuses by itself what the webhook is to be asked about.
  await installPermissiveCrd(plane, "cocoonsets");
  const kinds = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"] as const;
  const objects = [
    ...kinds.map((kind) => workload(kind, standing.vm(kind), 3)),
    workload("Deployment", standing.web, 3, []),
    pod(standing.pod, { tolerations: [{ key: "other", operator: "Exists" }] }),
    cocoonSet(standing.set),
    hibernation("somebody-elses", standing.takenPod),
  ];
  await apply(plane, namespace(soakNamespace), ...objects.map(inNamespace));
}

const inNamespace = (object: object): object => ({
  ...object,
  metadata: { ...(object as { readonly metadata: object }).metadata, namespace: soakNamespace },
});

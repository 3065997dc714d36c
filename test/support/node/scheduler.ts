import type { ClusterConnection } from "@cocoonstack/common/k8s";
import { parseVMSpec } from "@cocoonstack/common/meta";
import { Informer, keyOf, type KubeObject } from "@cocoonstack/machinery/informer";
import { WorkQueue, type WorkResult } from "@cocoonstack/machinery/queue";
import { send } from "../send.js";
import { fits, type ScheduledNode, type SchedulablePod } from "./fits.js";

type Pod = KubeObject & SchedulablePod;
type Node = KubeObject & ScheduledNode;

/** See {@link StandInScheduler}. */
export interface SchedulerOptions {
  readonly connection: Pick<ClusterConnection, "request" | "stream">;
  /** Why a pod finds no room, for tests of that; undefined where it may. */
  readonly refuses?: (pod: Pod) => string | undefined;
}

const retryMs = 250;

/**
 * Stands in for kube-scheduler, which the test plane does not have: binds pods to nodes that are ready, have room, and fit by
 * taints, node selector and required node affinity; a fork goes where its original is. What fits nowhere gets the condition
 * that kube-scheduler writes.
 */
export class StandInScheduler {
  readonly #options: SchedulerOptions;
  readonly #pods: Informer<Pod, "node" | "vm">;
  readonly #nodes: Informer<Node>;
  readonly #queue = new WorkQueue({ work: (key) => this.#place(key), workers: 4 });

  constructor(options: SchedulerOptions) {
    this.#options = options;
    const { connection } = options;
    this.#pods = new Informer({
      connection,
      collection: { path: "/api/v1/pods" },
      transform: (object) => object as Pod,
      indexes: {
        node: ({ spec }) => (spec.nodeName === undefined ? [] : [spec.nodeName]),
        vm: (pod) => [`${pod.metadata.namespace ?? ""}/${parseVMSpec(pod).vmName}`],
      },
    });
    this.#nodes = new Informer({
      connection,
      collection: { path: "/api/v1/nodes" },
      transform: (object) => object,
      indexes: {},
    });
    const consider = (pod: Pod): void => {
      if (isUnplaced(pod)) this.#queue.add(keyOf(pod));
    };
    this.#pods.addHandler({ add: consider, update: consider, delete: () => undefined });
  }

  /** Works until `signal` is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#pods.run(signal), this.#nodes.run(signal), this.#queue.run(signal)]);
  }

  async #place(key: string): Promise<WorkResult> {
    const pod = this.#pods.get(key);
    if (pod === undefined || !isUnplaced(pod)) return undefined;
    const refusal = this.#options.refuses?.(pod);
    const node = refusal === undefined ? this.#nodeFor(pod) : undefined;
    if (node === undefined) {
      await this.#refuse(pod, refusal ?? `0/${this.#nodes.size} nodes are available`);
      return { requeueAfterMs: retryMs };
    }
    const { namespace, name, uid } = pod.metadata;
    await this.#send("POST", `${pathOf(pod)}/binding`, {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { namespace, name, uid },
      target: { apiVersion: "v1", kind: "Node", name: node.metadata.name },
    });
    return undefined;
  }

  #nodeFor(pod: Pod): Node | undefined {
    const { forkFrom } = parseVMSpec(pod);
    const [original] = this.#pods.byIndex("vm", `${pod.metadata.namespace ?? ""}/${forkFrom}`);
    return [...this.#nodes.values()].find((node) => {
      const { name } = node.metadata;
      const isThere = forkFrom === "" || original?.spec.nodeName === name;
      return isThere && fits(pod, node, this.#pods.byIndex("node", name).length);
    });
  }

  async #refuse(pod: Pod, message: string): Promise<void> {
    const conditions = pod.status?.conditions ?? [];
    if (conditions.some(({ type, reason }) => type === "PodScheduled" && reason === "Unschedulable")) return;
    const refusal = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
    await this.#send("PATCH", `${pathOf(pod)}/status`, { status: { conditions: [refusal] } });
  }

  /** A pod that is gone, or was placed by another, needs no place. */
  async #send(method: "POST" | "PATCH", path: string, body: object): Promise<void> {
    const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const request = { method, path, body: JSON.stringify(body), contentType };
    await send(this.#options.connection, request, [404, 409]);
  }
}

const isUnplaced = ({ metadata, spec }: Pod): boolean =>
  spec.nodeName === undefined &&
  (metadata as { readonly deletionTimestamp?: string }).deletionTimestamp === undefined;

const pathOf = ({ metadata: { namespace = "", name } }: Pod): string =>
  `/api/v1/namespaces/${namespace}/pods/${name}`;

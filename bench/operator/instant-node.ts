import type { ApiRequest, ClusterConnection } from "@cocoonstack/common/k8s";
import {
  labelCocoonSet,
  lifecycleStatusAnnotations,
  readCocoonSetGeneration,
  readLifecycleStatus,
  vmAnnotations,
} from "@cocoonstack/common/meta";
import { Informer, keyOf } from "@cocoonstack/machinery/informer";
import { WorkQueue, type WorkResult } from "@cocoonstack/machinery/queue";
import { statusPatch } from "../../packages/node/src/agent/pod-status.js";
import { send } from "../../test/support/send.js";
import type { Reached } from "./reached.js";

type Pod = Parameters<typeof statusPatch>[0] & {
  readonly spec?: { readonly nodeName?: string } | null;
};

/** See {@link InstantNode}. */
export interface InstantNodeOptions {
  readonly connection: Pick<ClusterConnection, "request" | "stream">;
  readonly ns: string;
  /** Told `pod NAME` and `ready NAME` of each. */
  readonly reached: Reached;
}

/** The node that pods are bound to. */
export const instantNodeName = "instant";

const workers = 16;

/**
 * Scheduler and node agent that lose no time, so that what is measured is the operator: a pod is bound with one write, unless it is
 * already, and says with one more that its VM runs. Anything that is stamped anew is answered.
 */
export class InstantNode {
  readonly #options: InstantNodeOptions;
  readonly #pods: Informer<Pod>;
  readonly #queue = new WorkQueue({ work: (key) => this.#work(key), workers });
  /** The stamp that was last answered, by the pod's UID: the informer shows it a moment later. */
  readonly #answered = new Map<string, number>();

  constructor(options: InstantNodeOptions) {
    this.#options = options;
    const { connection, ns, reached } = options;
    this.#pods = new Informer({
      connection,
      collection: { path: `/api/v1/namespaces/${ns}/pods`, labelSelector: labelCocoonSet },
      transform: (object) => object,
      indexes: {},
    });
    const look = (pod: Pod): void => {
      const { name } = pod.metadata;
      reached.mark(`pod ${name}`);
      if (isReady(pod)) reached.mark(`ready ${name}`);
      this.#queue.add(keyOf(pod));
    };
    this.#pods.addHandler({ add: look, update: look, delete: () => undefined });
  }

  /** Works until `signal` is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#pods.run(signal), this.#queue.run(signal)]);
  }

  async #work(key: string): Promise<WorkResult> {
    const pod = this.#pods.get(key);
    if (pod === undefined) return undefined;
    const generation = readCocoonSetGeneration(pod);
    const { uid } = pod.metadata;
    if (this.#answered.get(uid) === generation) return undefined;
    if (pod.spec?.nodeName === undefined) await this.#bind(pod);
    await this.#bringUp(pod, generation);
    this.#answered.set(uid, generation);
    return undefined;
  }

  async #bind({ metadata: { name, uid } }: Pod): Promise<void> {
    const body = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name, uid },
      target: { apiVersion: "v1", kind: "Node", name: instantNodeName },
    };
    await this.#send({ method: "POST", path: `${this.#path(name)}/binding`, body: JSON.stringify(body) });
  }

  /** The API server takes annotations together with a status, so that one write is enough. */
  async #bringUp(pod: Pod, generation: number): Promise<void> {
    const { name, uid } = pod.metadata;
    const vm = { name, id: uid, ip: "10.0.0.7" };
    const said = readLifecycleStatus(pod);
    const body = {
      metadata: {
        uid,
        annotations: {
          [vmAnnotations.id]: vm.id,
          [vmAnnotations.ip]: vm.ip,
          ...lifecycleStatusAnnotations({ ...said, state: "ready", observedGeneration: generation }),
        },
      },
      status: statusPatch(pod, { as: "running", isReady: true }, vm),
    };
    await this.#send({
      method: "PATCH",
      path: `${this.#path(name)}/status`,
      body: JSON.stringify(body),
      contentType: "application/merge-patch+json",
    });
  }

  #path(name: string): string {
    return `/api/v1/namespaces/${this.#options.ns}/pods/${name}`;
  }

  /** A pod that is gone needs nothing. */
  async #send(request: ApiRequest): Promise<void> {
    await send(this.#options.connection, request, [404]);
  }
}

const isReady = ({ status }: Pod): boolean =>
  (status?.conditions ?? []).some((condition) => condition.type === "Ready" && condition.status === "True");

import { setMaxListeners } from "node:events";
import type { ClusterConnection } from "@cocoonstack/common/k8s";
import { sleep } from "@cocoonstack/common/k8s";
import type { Logger } from "@cocoonstack/common/log";
import { parseVMSpec } from "@cocoonstack/common/meta";
import { Informer, keyOf, type KubeObject } from "@cocoonstack/machinery/informer";
import { WorkQueue, type WorkResult } from "@cocoonstack/machinery/queue";
import type { Backend, HostChange } from "../backend/index.js";
import { type Interference, noInterference } from "./interference.js";
import { NodeKeeper } from "./node-keeper.js";
import type { NodeFacts } from "./node-object.js";
import type { Pod } from "./pod.js";
import { Ward } from "./ward.js";

/** See {@link Agent}. */
export interface AgentOptions {
  readonly connection: Pick<ClusterConnection, "request" | "stream">;
  readonly node: NodeFacts;
  readonly backend: Backend;
  readonly log: Logger;
  /** @default nothing stands between the agent and its steps */
  readonly interference?: Interference;
  /** Called with the annotations of the Node when they may have changed; none where it is gone. */
  readonly onNodeAnnotations?: (annotations: Readonly<Record<string, string>>) => void;
}

/** The Node, as far as the agent watches it. */
interface NodeSeen extends KubeObject {
  readonly annotations: Readonly<Record<string, string>>;
  readonly isReady: boolean;
}

/**
 * The node agent: a Node and its Lease, and for each pod that is bound to it a VM of the backend, whose life it carries into the
 * pod's annotations and status. Its VMs, its Node and its Lease outlive it.
 *
 * @example
 * ```ts
 * const agent = new Agent({ connection, node, backend, log });
 * await agent.run(signal);
 * ```
 */
export class Agent {
  readonly #options: Required<Omit<AgentOptions, "onNodeAnnotations">>;
  readonly #pods: Informer<Pod>;
  readonly #node: Informer<NodeSeen>;
  readonly #keeper: NodeKeeper;
  readonly #queue: WorkQueue;
  readonly #wards = new Map<string, Ward>();
  /** What ends the agent from inside. */
  readonly #end = new AbortController();
  #signal: AbortSignal = this.#end.signal;

  constructor({ onNodeAnnotations, ...options }: AgentOptions) {
    this.#options = { interference: noInterference, ...options };
    const { connection, node, log } = options;
    const observer = {
      failed: ({ error, retryInMs }: { readonly error: Error; readonly retryInMs: number }): void => {
        log.warn({ err: error, retryInMs }, "could not follow the cluster");
      },
    };
    this.#pods = new Informer({
      observer,
      connection,
      collection: { path: "/api/v1/pods", fieldSelector: `spec.nodeName=${node.name}` },
      // Whole, because an old copy may be written back; they are no more than the node takes.
      transform: (object) => object,
      indexes: {},
    });
    this.#node = new Informer({
      observer,
      connection,
      collection: { path: "/api/v1/nodes", fieldSelector: `metadata.name=${node.name}` },
      transform: nodeSeen,
      indexes: {},
    });
    this.#keeper = new NodeKeeper({
      api: connection,
      node,
      log,
      isWell: () => this.#node.get(node.name)?.isReady === true,
    });
    // A step may take as long as a VM takes to start, so every pod has a worker.
    this.#queue = new WorkQueue({ work: (key) => this.#work(key), workers: node.pods });
    const wake = (pod: Pod): void => {
      this.#queue.add(keyOf(pod));
    };
    this.#pods.addHandler({ add: wake, update: wake, delete: wake });
    if (onNodeAnnotations !== undefined) {
      this.#node.addHandler({
        add: ({ annotations }) => {
          onNodeAnnotations(annotations);
        },
        update: ({ annotations }) => {
          onNodeAnnotations(annotations);
        },
        delete: () => {
          onNodeAnnotations({});
        },
      });
    }
  }

  /**
   * Works until `signal` is aborted.
   *
   * @throws {AgentCrash} when a fault says so; VMs stay as they are.
   * @throws {Error} for a mistake of ours, or a connection that was closed.
   */
  async run(signal: AbortSignal): Promise<void> {
    const all = AbortSignal.any([signal, this.#end.signal]);
    setMaxListeners(0, all); // some for each VM
    this.#signal = all;
    const deaf = this.#options.backend.listen((change) => {
      this.#hear(change);
    });
    const parts = [this.#keeper.run(all), this.#node.run(all), this.#pods.run(all), this.#serve(all)];
    try {
      await Promise.all(
        parts.map(async (part) => {
          try {
            await part;
          } catch (error) {
            this.#fail(error);
          }
        }),
      );
      if (this.#end.signal.aborted) throw this.#end.signal.reason;
    } finally {
      deaf();
    }
  }

  /** Takes the Node and its Lease out of the cluster, for an agent that has ended and does not come back. */
  async removeNode(): Promise<void> {
    await this.#keeper.remove();
  }

  async #serve(signal: AbortSignal): Promise<void> {
    if (!(await this.#pods.whenSynced(signal))) return;
    if (!(await this.#node.whenSynced(signal))) return;
    await this.#endOrphans(signal);
    this.#options.log.info({ node: this.#options.node.name, pods: this.#pods.size }, "ready");
    await this.#queue.run(signal);
  }

  /** Ends VMs whose pods went while nobody was looking. */
  async #endOrphans(signal: AbortSignal): Promise<void> {
    const { backend, log } = this.#options;
    const known = new Set([...this.#pods.values()].map((pod) => parseVMSpec(pod).vmName));
    for (const vmName of backend.list()) {
      if (known.has(vmName)) continue;
      log.info({ vmName }, "no pod stands for this VM any more: it is ended");
      await backend.destroy(vmName, { sleeps: false }, signal);
    }
  }

  /** A turn for one pod, and for the one that had its name before. */
  async #work(key: string): Promise<WorkResult> {
    try {
      const pod = this.#pods.get(key);
      const ward = this.#wards.get(key) ?? this.#take(key, pod);
      if (ward === undefined) return undefined;
      const againMs = await ward.turn(this.#signal);
      if (ward.isOver) {
        this.#wards.delete(key);
        return this.#pods.get(key) === undefined ? undefined : { requeueAfterMs: 0 };
      }
      return againMs === undefined ? undefined : { requeueAfterMs: againMs };
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #take(key: string, pod: Pod | undefined): Ward | undefined {
    if (pod === undefined || isNoVMYet(pod)) return undefined;
    const { connection, ...tools } = this.#options;
    const ward = new Ward(pod, {
      ...tools,
      api: connection,
      host: tools.node.name,
      newest: () => this.#pods.get(key),
      repairIn: (delayMs) => void this.#repairIn(key, ward, delayMs),
    });
    this.#wards.set(key, ward);
    return ward;
  }

  async #repairIn(key: string, ward: Ward, delayMs: number): Promise<void> {
    try {
      const hasPassed = await sleep(delayMs, this.#signal);
      if (hasPassed && this.#wards.get(key) === ward) await ward.repair(this.#signal);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A stop has reasons of its own. */
  #fail(error: unknown): void {
    if (!this.#signal.aborted) this.#end.abort(error);
  }

  #hear(change: HostChange): void {
    for (const [key, ward] of this.#wards) {
      if (ward.vmName !== change.name) continue;
      ward.tell(change);
      this.#queue.add(key);
    }
  }
}

/** Whether a pod stays and names no VM: it may be given a name later, by which a VM is started then. */
const isNoVMYet = (pod: Pod): boolean =>
  parseVMSpec(pod).vmName === "" && (pod.metadata.deletionTimestamp ?? "") === "";

function nodeSeen(object: KubeObject): NodeSeen {
  const { name, uid, resourceVersion } = object.metadata;
  const { metadata, status } = object as {
    readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  };
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return {
    metadata: { name, uid, resourceVersion },
    annotations: metadata.annotations ?? {},
    isReady: ready?.status === "True",
  };
}

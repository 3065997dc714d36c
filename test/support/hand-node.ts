import type { ControlPlane } from "../controlplane/index.js";
import { isErrno } from "../controlplane/process.js";
import { eventually } from "./eventually.js";

/** A pod as the tests look at it. */
export interface SeenPod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly deletionTimestamp?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>> & { readonly nodeName?: string };
  readonly status?: { readonly phase?: string };
}

const nodeName = "hand-1";

/**
 * Plays scheduler and node for the pods of a namespace, as far as it is asked to: a pod is bound, and its VM runs at once. It is for tests of
 * what the operator does with pods that run and fail; VMs that sleep need the node agent.
 */
export class HandNode {
  readonly #plane: ControlPlane;
  readonly #namespace: string;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  /** Names of pods that are left alone. */
  readonly held = new Set<string>();

  constructor(plane: ControlPlane, namespace: string) {
    this.#plane = plane;
    this.#namespace = namespace;
    this.#running = this.#run();
  }

  async pods(): Promise<readonly SeenPod[]> {
    const { body } = await this.#plane.request("GET", `/api/v1/namespaces/${this.#namespace}/pods`);
    return (body as { readonly items: readonly SeenPod[] }).items;
  }

  /** The node says that a VM failed. */
  async fail(podName: string, message: string): Promise<void> {
    await this.#annotate(podName, {
      "vm.cocoonstack.io/lifecycle-state": "failed",
      "vm.cocoonstack.io/lifecycle-state-message": message,
    });
    await this.#status(podName, "Pending", false);
  }

  /** The VM is well. */
  async ready(pod: SeenPod): Promise<void> {
    const { name, annotations = {} } = pod.metadata;
    await this.#annotate(name, {
      "vm.cocoonstack.io/id": `vm-${pod.metadata.uid}`,
      "vm.cocoonstack.io/ip": "10.0.0.7",
      "vm.cocoonstack.io/lifecycle-state": "ready",
      "vm.cocoonstack.io/lifecycle-state-message": null,
      "vm.cocoonstack.io/lifecycle-observed-generation":
        annotations["cocoonset.cocoonstack.io/generation"] ?? "0",
    });
    await this.#status(name, "Running", true);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#round();
      } catch (error) {
        // As a node does, it outlives an API server that is restarted.
        if (!isErrno(error, "ECONNREFUSED", "ECONNRESET")) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async #round(): Promise<void> {
    for (const pod of await this.pods()) {
      const isVM = pod.metadata.annotations?.["vm.cocoonstack.io/name"] !== undefined;
      if (isVM && !this.held.has(pod.metadata.name)) await this.#look(pod);
    }
  }

  async #look(pod: SeenPod): Promise<void> {
    const { name, deletionTimestamp, annotations = {} } = pod.metadata;
    if (deletionTimestamp !== undefined) {
      await this.#plane.request("DELETE", `${this.#path(name)}?gracePeriodSeconds=0`);
    } else if (pod.spec.nodeName === undefined) {
      await this.#plane.request("POST", `${this.#path(name)}/binding`, {
        apiVersion: "v1",
        kind: "Binding",
        metadata: { name },
        target: { apiVersion: "v1", kind: "Node", name: nodeName },
      });
    } else if (annotations["vm.cocoonstack.io/lifecycle-state"] === undefined) {
      await this.ready(pod);
    }
  }

  #path(name: string): string {
    return `/api/v1/namespaces/${this.#namespace}/pods/${name}`;
  }

  async #annotate(name: string, annotations: Readonly<Record<string, string | null>>): Promise<void> {
    await this.#plane.request("PATCH", this.#path(name), { metadata: { annotations } }, mergePatch);
  }

  async #status(name: string, phase: string, isReady: boolean): Promise<void> {
    const status = {
      phase,
      conditions: [
        { type: "Ready", status: isReady ? "True" : "False", lastTransitionTime: new Date().toISOString() },
      ],
      containerStatuses: isReady ? [running] : [],
    };
    await this.#plane.request("PATCH", `${this.#path(name)}/status`, { status }, mergePatch);
  }
}

const mergePatch = { contentType: "application/merge-patch+json" };

const running = {
  name: "agent",
  image: "placeholder",
  imageID: "",
  ready: true,
  restartCount: 0,
  state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
};

/** Waits until the pods of a namespace are just these. */
export async function podNames(
  node: HandNode,
  expected: readonly string[],
  timeoutMs = 40_000,
): Promise<readonly string[]> {
  const names = async (): Promise<readonly string[]> =>
    (await node.pods()).map(({ metadata }) => metadata.name).sort();
  return eventually(names, (found) => found.join() === [...expected].sort().join(), timeoutMs);
}

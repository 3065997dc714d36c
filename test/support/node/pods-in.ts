import { readLifecycleStatus, vmNameForPod } from "@cocoonstack/common/meta";
import type { ControlPlane } from "../../controlplane/index.js";
import { until } from "../eventually.js";
import { good } from "../person.js";
import { vmPod, type VMPodOptions } from "./vm-pod.js";

/** A pod as the API server has it, as far as tests look at it. */
export interface LivePod {
  readonly metadata: {
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly annotations: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase: string;
    readonly reason?: string;
    readonly message?: string;
    readonly podIP?: string;
    readonly startTime?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly lastTransitionTime?: string;
    }[];
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly ready: boolean;
      readonly state: { readonly running?: object; readonly terminated?: { readonly reason: string } };
    }[];
  };
}

/** The pods of a namespace, for tests that are their operator. */
export class PodsIn {
  readonly #plane: ControlPlane;
  readonly #ns: string;

  constructor(plane: ControlPlane, ns: string) {
    this.#plane = plane;
    this.#ns = ns;
  }

  vmName(name: string): string {
    return vmNameForPod(this.#ns, name);
  }

  async create(name: string, options: VMPodOptions): Promise<LivePod> {
    return (await good(this.#plane.request("POST", this.#path(), vmPod(this.#ns, name, options)))) as LivePod;
  }

  /** The names of all, sorted. */
  async names(): Promise<readonly string[]> {
    const { items } = (await good(this.#plane.request("GET", this.#path()))) as {
      readonly items: readonly { readonly metadata: { readonly name: string } }[];
    };
    return items.map(({ metadata }) => metadata.name).sort();
  }

  /** Undefined where there is none. */
  async get(name: string): Promise<LivePod | undefined> {
    const { status, body } = await this.#plane.request("GET", this.#path(name));
    return status === 404 ? undefined : (body as LivePod);
  }

  /** Writes annotations, and deletes those that are null. */
  async annotate(name: string, annotations: Readonly<Record<string, string | null>>): Promise<void> {
    const contentType = "application/merge-patch+json";
    await good(
      this.#plane.request("PATCH", this.#path(name), { metadata: { annotations } }, { contentType }),
    );
  }

  /** Writes what time would have written: fields of a status. */
  async rewriteStatus(name: string, status: object): Promise<void> {
    const contentType = "application/merge-patch+json";
    await good(this.#plane.request("PATCH", `${this.#path(name)}/status`, { status }, { contentType }));
  }

  async remove(name: string): Promise<void> {
    await good(this.#plane.request("DELETE", this.#path(name)));
  }

  /** Says in place of its node that a pod has ended. */
  async end(name: string, phase: "Succeeded" | "Failed"): Promise<void> {
    const status = { phase, conditions: [{ type: "Ready", status: "False" }], containerStatuses: [] };
    const contentType = "application/merge-patch+json";
    await good(this.#plane.request("PATCH", `${this.#path(name)}/status`, { status }, { contentType }));
  }

  /** Waits until a pod fits, and gives it. */
  async until(name: string, what: string, fits: (pod: LivePod) => boolean): Promise<LivePod> {
    let last: LivePod | undefined;
    await until(
      `pod ${name} is not ${what}`,
      async () => (last = await this.get(name)),
      (pod) => pod !== undefined && fits(pod),
    );
    if (last === undefined) throw new Error(`pod ${name} is gone`);
    return last;
  }

  /** Waits until a pod says this of its VM, in answer to this generation of its set. */
  untilIn(name: string, state: string, generation: number): Promise<LivePod> {
    return this.until(name, `${state} at generation ${generation}`, (pod) => {
      const status = readLifecycleStatus(pod);
      return status.state === state && status.observedGeneration === generation;
    });
  }

  async untilGone(name: string): Promise<void> {
    await until(
      `pod ${name} is not gone`,
      () => this.get(name),
      (pod) => pod === undefined,
    );
  }

  #path(name = ""): string {
    return `/api/v1/namespaces/${this.#ns}/pods/${name}`.replace(/\/$/, "");
  }
}

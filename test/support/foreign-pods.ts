import { type ClusterConnection, sleep } from "@cocoonstack/common/k8s";
import { inTurns } from "./in-turns.js";
import { send } from "./send.js";

/** See {@link ForeignPods}. */
export interface ForeignPodsOptions {
  readonly connection: Pick<ClusterConnection, "request">;
  /** A namespace that is theirs alone. */
  readonly ns: string;
  readonly count: number;
}

const atOnce = 8;
const tickMs = 100;

/** As long as what `kubectl apply` leaves on a pod. */
const applied = JSON.stringify({ note: "x".repeat(1_500) });

/**
 * Pods that are none of Cocoon's, as a cluster has them by the thousand. No scheduler has to look at them, and nothing has to run for
 * them to go: they are said to be on a node that nobody knows, and have no time of grace.
 */
export class ForeignPods {
  readonly #options: ForeignPodsOptions;
  #changes = 0;

  private constructor(options: ForeignPodsOptions) {
    this.#options = options;
  }

  static async create(options: ForeignPodsOptions): Promise<ForeignPods> {
    const pods = new ForeignPods(options);
    const indexes = Array.from({ length: options.count }, (_, index) => index);
    await inTurns(atOnce, indexes, (index) => pods.#create(index));
    return pods;
  }

  /** How often any of them was changed or replaced so far. */
  get changes(): number {
    return this.#changes;
  }

  /**
   * While `work` is under way, changes the status of one and replaces the next, and so on, as often each second as the API server keeps
   * up with. Gives what `work` gives.
   *
   * @throws what `work` does, or else what a refused change does.
   */
  async churnDuring<T>(perSecond: number, work: () => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const working = work().finally(() => {
      stop.abort();
    });
    const [worked, churned] = await Promise.allSettled([working, this.#churn(perSecond, stop.signal)]);
    if (worked.status === "rejected") throw worked.reason;
    if (churned.status === "rejected") throw churned.reason;
    return worked.value;
  }

  async #churn(perSecond: number, signal: AbortSignal): Promise<void> {
    const perTick = Math.ceil((perSecond * tickMs) / 1_000);
    while (!signal.aborted) {
      const begunMs = performance.now();
      await Promise.all(Array.from({ length: perTick }, () => this.#change(this.#changes++)));
      await sleep(Math.max(0, tickMs - (performance.now() - begunMs)), signal);
    }
  }

  async #change(change: number): Promise<void> {
    const { count } = this.#options;
    const index = change % count;
    if (index % 2 === 0) {
      // The other way round each time that it is its turn.
      await this.#setReady(index, Math.floor(change / count) % 2 === 0);
    } else {
      await send(this.#options.connection, { method: "DELETE", path: this.#path(index) });
      await this.#create(index);
    }
  }

  async #setReady(index: number, isReady: boolean): Promise<void> {
    const conditions = [{ type: "Ready", status: isReady ? "True" : "False" }];
    await send(this.#options.connection, {
      method: "PATCH",
      path: `${this.#path(index)}/status`,
      body: JSON.stringify({ status: { phase: "Running", conditions } }),
      contentType: "application/merge-patch+json",
    });
  }

  async #create(index: number): Promise<void> {
    const body = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: nameOf(index),
        labels: { app: "web", "app.kubernetes.io/name": "web" },
        annotations: { "example.com/applied": applied },
      },
      spec: {
        nodeName: "elsewhere",
        terminationGracePeriodSeconds: 0,
        containers: [{ name: "web", image: "nginx:1.29" }],
      },
    };
    await send(this.#options.connection, { method: "POST", path: this.#path(), body: JSON.stringify(body) });
  }

  #path(index?: number): string {
    const pods = `/api/v1/namespaces/${this.#options.ns}/pods`;
    return index === undefined ? pods : `${pods}/${nameOf(index)}`;
  }
}

const nameOf = (index: number): string => `web-${index}`;

import { apiErrorOf, type ClusterConnection, RequestError, sleep } from "@cocoonstack/common/k8s";
import type { DecisionRecord } from "../admission/index.js";

/** What a probe found out, where it did not arrive. */
export type ProbeFault = string;

/** Until when to try. */
export interface Patience {
  readonly timeoutMs: number;
  /** Aborted to give up. */
  readonly signal: AbortSignal;
}

const retryIntervalMs = 200;

/**
 * Asks a cluster whether its API servers ask this webhook: by the creation of a ConfigMap, as a dry run, which a
 * registration for development is asked about by its name (`probeNameOf`).
 */
export class Probe {
  readonly #connection: Pick<ClusterConnection, "request">;
  readonly #path: string;
  readonly #arrived = new Set<string>();

  /** @param namespace where the ConfigMap would be; it has to exist */
  constructor(connection: Pick<ClusterConnection, "request">, namespace: string) {
    this.#connection = connection;
    this.#path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`;
  }

  /** Takes note of a decision, and gives whether it was on a probe: nobody is asked about any other ConfigMap. */
  recognise({ kind, name }: Pick<DecisionRecord, "kind" | "name">): boolean {
    if (kind !== "ConfigMap") return false;
    this.#arrived.add(name);
    return true;
  }

  /** Tries until the probe arrives here: a registration takes effect within a second or so. */
  async arrives(name: string, { timeoutMs, signal }: Patience): Promise<ProbeFault | undefined> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const { status, fault } = await this.#send(name);
      if (this.#arrived.has(name)) return undefined;
      const isFinal = [401, 403, 404].includes(status ?? 0);
      if (isFinal || signal.aborted || performance.now() > deadlineMs) {
        return fault?.replace(/^.*failed to call webhook: /, "") ?? "they do not, and give no reason";
      }
      await sleep(retryIntervalMs, signal);
    }
  }

  /** Whether the API server finds that nobody answers at the place where a registration points. */
  async isUnanswered(name: string): Promise<boolean> {
    const { fault } = await this.#send(name);
    return fault?.includes("failed calling webhook") === true;
  }

  async #send(name: string): Promise<{ readonly status?: number; readonly fault?: ProbeFault }> {
    const body = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
    try {
      const path = `${this.#path}?dryRun=All`;
      const response = await this.#connection.request({ method: "POST", path, body, timeoutMs: 10_000 });
      if (response.status === 201) return { status: 201 };
      const { message } = apiErrorOf(`POST ${this.#path}`, response);
      return { status: response.status, fault: message };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return { fault: error.message };
    }
  }
}

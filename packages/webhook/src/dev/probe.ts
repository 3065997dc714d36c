import { apiErrorOf, type ClusterConnection, RequestError, sleep } from "@cocoonstack/common/k8s";
import type { DecisionRecord } from "../admission/index.js";
import { isFinal, type ProbeFault, probeFaultOf } from "./probe-fault.js";

/** The ConfigMap whose creation reaches a webhook for development. */
export interface ProbeObject {
  /** As `probeNameOf` gives it. */
  readonly name: string;
  readonly namespace: string;
}

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
  readonly #arrived = new Set<string>();

  constructor(connection: Pick<ClusterConnection, "request">) {
    this.#connection = connection;
  }

  /** Takes note of a decision, and gives whether it was on a probe: nobody is asked about any other ConfigMap. */
  recognise({ kind, name }: Pick<DecisionRecord, "kind" | "name">): boolean {
    if (kind !== "ConfigMap") return false;
    this.#arrived.add(name);
    return true;
  }

  /** Tries until the probe arrives here: a registration takes effect within a second or so. */
  async arrives(object: ProbeObject, { timeoutMs, signal }: Patience): Promise<ProbeFault | undefined> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const fault = await this.#send(object);
      if (this.#arrived.has(object.name)) return undefined;
      if (isFinal(fault) || signal.aborted || performance.now() > deadlineMs) return fault;
      await sleep(retryIntervalMs, signal);
    }
  }

  /** Whether the API server finds that nobody answers at the place where a registration points. */
  async isUnanswered(object: ProbeObject): Promise<boolean> {
    return (await this.#send(object)).kind === "unreachable";
  }

  /** How the creation ended, for one that did not arrive. */
  async #send({ name, namespace }: ProbeObject): Promise<ProbeFault> {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps?dryRun=All`;
    const body = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
    try {
      const response = await this.#connection.request({ method: "POST", path, body, timeoutMs: 10_000 });
      return probeFaultOf(response.status, apiErrorOf(`POST ${path}`, response).message);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return probeFaultOf(undefined, error.message);
    }
  }
}

import type { Condition } from "@cocoonstack/common/apis/v1";
import type { ClusterConnection } from "@cocoonstack/common/k8s";
import type { Registry } from "prom-client";
import type { Act, Outcome, OwnerStatus } from "../act/index.js";
import type { Planned } from "../control/index.js";
import type { PlannedEvent } from "../model/index.js";
import type { ClusterCache, StoredSet } from "../observe/index.js";
import { countedConnection } from "./counted-connection.js";
import { Instruments, results } from "./instruments.js";
import { measureAtScrape, type QueueState } from "./scraped-gauges.js";

/** What one call to the registry came to. */
export interface RegistryCall {
  readonly operation: string;
  readonly outcome: string;
  readonly durationMs: number;
}

/** The metrics of the operator. Series that name a CocoonSet go with it. */
export class OperatorMetrics {
  readonly #registry: Registry;
  readonly #instruments: Instruments;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#instruments = new Instruments(registry);
  }

  /** Measures at each scrape what is followed, and what waits. */
  follow(cache: Pick<ClusterCache, "state">, queue: () => QueueState): void {
    measureAtScrape(this.#registry, cache, queue);
  }

  leads(isLeader: boolean): void {
    this.#instruments.leader.set(isLeader ? 1 : 0);
  }

  acted(act: Act, { kind }: Outcome): void {
    this.#instruments.acts.inc({ kind: act.kind, outcome: kind });
  }

  waited(ms: number): void {
    this.#instruments.waits.observe(ms / 1_000);
  }

  passed(kind: "set" | "pod", ms: number): void {
    this.#instruments.rounds.observe({ kind }, ms / 1_000);
  }

  retried(why: "stale" | "failed"): void {
    this.#instruments.retries.inc({ why });
  }

  registryCalled({ operation, outcome, durationMs }: RegistryCall): void {
    this.#instruments.registryCalls.inc({ operation, outcome });
    this.#instruments.registrySeconds.observe({ operation }, durationMs / 1_000);
  }

  event(outcome: string): void {
    this.#instruments.events.inc({ outcome });
  }

  /** Counts what people are told. */
  told({ reason }: PlannedEvent, { ref, status }: Planned): void {
    this.#instruments.ofSets[reason]?.inc({ namespace: ref.namespace, cocoonset: ref.name });
    const { phase = "Pending" } = (status ?? {}) as { readonly phase?: string };
    if (reason === "PodLifecycleFailed") this.#instruments.failures.inc({ phase });
  }

  /** Measures how long a transition of a CocoonHibernation took that has just come to its end. */
  statusWritten({ status: before }: Planned, after: OwnerStatus): void {
    const { phase, conditions } = (before ?? {}) as {
      readonly phase?: string;
      readonly conditions?: readonly Condition[];
    };
    if (phase !== "Hibernating" && phase !== "Waking") return;
    const result = results[after.phase ?? ""];
    const since = conditions?.find(({ type }) => type === "Progressing")?.lastTransitionTime ?? "";
    const sinceMs = Date.parse(since);
    if (result !== undefined && !Number.isNaN(sinceMs)) {
      this.#instruments.phases[phase].observe({ result }, (Date.now() - sinceMs) / 1_000);
    }
  }

  /** The series of a set that is gone go as well. */
  forget({ metadata: { namespace, name } }: StoredSet): void {
    for (const metric of Object.values(this.#instruments.ofSets))
      metric.remove({ namespace, cocoonset: name });
  }

  /** A connection whose requests are counted. */
  counted(connection: ClusterConnection): ClusterConnection {
    return countedConnection(connection, (verb, status) => {
      this.#instruments.apiCalls.inc({ verb, status: String(status) });
    });
  }
}

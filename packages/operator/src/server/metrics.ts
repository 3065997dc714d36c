import type { Condition } from "@cocoonstack/common/apis/v1";
import type { ClusterConnection } from "@cocoonstack/common/k8s";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Act, Outcome, OwnerStatus } from "../act/index.js";
import type { Planned } from "../control/index.js";
import type { PlannedEvent } from "../model/index.js";
import type { ClusterCache, Followed, StoredSet } from "../observe/index.js";

const perSet = ["namespace", "cocoonset"] as const;
const seconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30];
const phaseSeconds = [10, 30, 60, 180, 600, 1800];

/** What one call to the registry came to. */
export interface RegistryCall {
  readonly operation: string;
  readonly outcome: string;
  readonly durationMs: number;
}

/** The metrics of the operator. Series that name a CocoonSet go with it. */
export class OperatorMetrics {
  readonly #registry: Registry;
  readonly #ofSets: Readonly<Record<string, Counter<(typeof perSet)[number]>>>;
  readonly #failures;
  readonly #phases;
  readonly #acts;
  readonly #rounds;
  readonly #waits;
  readonly #retries;
  readonly #apiCalls;
  readonly #registryCalls;
  readonly #registrySeconds;
  readonly #events;
  readonly #leader;

  constructor(registry: Registry) {
    this.#registry = registry;
    const registers = [registry];
    const counter = <L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> =>
      new Counter({ name: `cocoon_operator_${name}`, help, labelNames, registers });
    const histogram = <L extends string>(
      name: string,
      help: string,
      buckets: number[],
      ...labelNames: L[]
    ): Histogram<L> =>
      new Histogram({ name: `cocoon_operator_${name}`, help, buckets, labelNames, registers });
    this.#ofSets = {
      SubAgentRebuilding: counter("subagent_rebuild_total", "Rebuilds of failed sub-agents.", ...perSet),
      SubAgentDeadLetter: counter(
        "subagent_dead_letter_total",
        "Sub-agents that used up their rebuilds.",
        ...perSet,
      ),
      ToolboxRebuilding: counter("toolbox_rebuild_total", "Rebuilds of failed toolboxes.", ...perSet),
      ToolboxDeadLetter: counter(
        "toolbox_dead_letter_total",
        "Toolboxes that used up their rebuilds.",
        ...perSet,
      ),
    };
    this.#failures = counter(
      "lifecycle_state_failed_observed_total",
      "Failures of main agents, by the phase of the set before.",
      "phase",
    );
    this.#phases = {
      Hibernating: histogram(
        "hibernate_phase_duration_seconds",
        "How long CocoonHibernations took to hibernate.",
        phaseSeconds,
        "result",
      ),
      Waking: histogram(
        "wake_phase_duration_seconds",
        "How long CocoonHibernations took to wake.",
        phaseSeconds,
        "result",
      ),
    };
    this.#acts = counter(
      "actions_total",
      "Actions by kind, and what they came to: done, stale (planned anew), failed.",
      "kind",
      "outcome",
    );
    this.#rounds = histogram(
      "reconcile_duration_seconds",
      "How long a pass over a key took, waits for the registry left out.",
      seconds,
      "kind",
    );
    this.#waits = histogram("queue_wait_seconds", "How long a key waited for a worker.", seconds);
    this.#retries = counter(
      "reconcile_retries_total",
      "Passes that are repeated, because something changed meanwhile (stale) or failed.",
      "why",
    );
    this.#apiCalls = counter(
      "api_requests_total",
      "Requests to the API server by verb and status; 0 where there was no answer.",
      "verb",
      "status",
    );
    this.#registryCalls = counter(
      "registry_calls_total",
      "Calls to the registry by operation and outcome.",
      "operation",
      "outcome",
    );
    this.#registrySeconds = histogram(
      "registry_call_duration_seconds",
      "How long calls to the registry took.",
      seconds,
      "operation",
    );
    this.#events = counter("events_total", "Events for people: sent, or dropped and why.", "outcome");
    this.#leader = new Gauge({
      name: "cocoon_operator_leader",
      help: "1 while this replica leads.",
      registers,
    });
    this.#startAtZero();
  }

  /** Prometheus sees a first failure only where it has seen that there was none. */
  #startAtZero(): void {
    for (const why of ["stale", "failed"]) this.#retries.inc({ why }, 0);
    for (const kind of actKinds) {
      for (const outcome of ["done", "stale", "failed"]) this.#acts.inc({ kind, outcome }, 0);
    }
    for (const phase of Object.values(this.#phases)) {
      for (const result of Object.values(results)) phase.zero({ result });
    }
  }

  /** Measures at each scrape how many objects are followed, how long ago the API server was last heard, and what waits. */
  follow(
    cache: Pick<ClusterCache, "state">,
    queue: () => { readonly depth: number; readonly delayed: number; readonly longestPassMs: number },
  ): void {
    const gauge = (name: string, help: string, read: (one: Followed) => number): void => {
      new Gauge({
        name: `cocoon_operator_${name}`,
        help,
        labelNames: ["resource"],
        registers: [this.#registry],
        collect() {
          for (const resource of Object.keys(cache.state) as Followed[])
            this.set({ resource }, read(resource));
        },
      });
    };
    gauge("informer_objects", "Objects in memory.", (one) => cache.state[one].size);
    gauge(
      "informer_last_event_age_seconds",
      "How long ago the API server was last heard of this resource.",
      (one) => cache.state[one].silentForMs / 1_000,
    );
    const single = (name: string, help: string, read: () => number): void => {
      new Gauge({
        name: `cocoon_operator_${name}`,
        help,
        registers: [this.#registry],
        collect() {
          this.set(read());
        },
      });
    };
    single("queue_depth", "Keys that wait for a worker.", () => queue().depth);
    single("queue_delayed", "Keys that wait for their time.", () => queue().delayed);
    single(
      "longest_pass_seconds",
      "How long the oldest pass that runs has been running.",
      () => queue().longestPassMs / 1_000,
    );
  }

  leads(isLeader: boolean): void {
    this.#leader.set(isLeader ? 1 : 0);
  }

  acted(act: Act, { kind }: Outcome): void {
    this.#acts.inc({ kind: act.kind, outcome: kind });
  }

  waited(ms: number): void {
    this.#waits.observe(ms / 1_000);
  }

  passed(kind: "set" | "pod", ms: number): void {
    this.#rounds.observe({ kind }, ms / 1_000);
  }

  retried(why: "stale" | "failed"): void {
    this.#retries.inc({ why });
  }

  registryCalled({ operation, outcome, durationMs }: RegistryCall): void {
    this.#registryCalls.inc({ operation, outcome });
    this.#registrySeconds.observe({ operation }, durationMs / 1_000);
  }

  event(outcome: string): void {
    this.#events.inc({ outcome });
  }

  /** Counts what people are told. */
  told({ reason }: PlannedEvent, { ref, status }: Planned): void {
    this.#ofSets[reason]?.inc({ namespace: ref.namespace, cocoonset: ref.name });
    const { phase = "Pending" } = (status ?? {}) as { readonly phase?: string };
    if (reason === "PodLifecycleFailed") this.#failures.inc({ phase });
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
      this.#phases[phase].observe({ result }, (Date.now() - sinceMs) / 1_000);
    }
  }

  /** The series of a set that is gone go as well. */
  forget({ metadata: { namespace, name } }: StoredSet): void {
    for (const metric of Object.values(this.#ofSets)) metric.remove({ namespace, cocoonset: name });
  }

  /** A connection whose requests are counted. */
  counted(connection: ClusterConnection): ClusterConnection {
    const counting = async <T extends { readonly status: number }>(
      verb: string,
      call: Promise<T>,
    ): Promise<T> => {
      let status = 0;
      try {
        const answer = await call;
        status = answer.status;
        return answer;
      } finally {
        this.#apiCalls.inc({ verb, status: String(status) });
      }
    };
    return {
      server: connection.server,
      getJson: (path, call) => counting("GET", connection.getJson(path, call)),
      request: (asked) => counting(asked.method ?? "GET", connection.request(asked)),
      stream: (asked) => counting("WATCH", connection.stream(asked)),
      close: () => connection.close(),
    };
  }
}

const actKinds: readonly Act["kind"][] = [
  "create-pod",
  "delete-pod",
  "patch-pod",
  "patch-owner",
  "add-finalizer",
  "remove-finalizer",
  "retag",
  "delete-tag",
];

const results: Readonly<Record<string, "ok" | "timeout">> = {
  Hibernated: "ok",
  Active: "ok",
  Failed: "timeout",
};

import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Act, Outcome } from "../act/index.js";
import type { EventReason } from "../model/index.js";

const perSet = ["namespace", "cocoonset"] as const;
const seconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30];
const phaseSeconds = [10, 30, 60, 180, 600, 1800];

/** What there is; that it is all, the compiler asks. */
const kindsOf = <Kind extends string>(kinds: Readonly<Record<Kind, true>>): readonly Kind[] =>
  Object.keys(kinds) as Kind[];

const actKinds = kindsOf<Act["kind"]>({
  "create-pod": true,
  "delete-pod": true,
  "patch-pod": true,
  "patch-owner": true,
  "add-finalizer": true,
  "remove-finalizer": true,
  retag: true,
  "delete-tag": true,
});

/** Only who writes nothing leaves anything out. */
const outcomes = kindsOf<Exclude<Outcome["kind"], "left out">>({ done: true, stale: true, failed: true });

/** How a transition of a CocoonHibernation ends, by the phase that it ends in. */
export const results: Readonly<Record<string, "ok" | "timeout">> = {
  Hibernated: "ok",
  Active: "ok",
  Failed: "timeout",
};

/** Everything that is counted and timed. */
export class Instruments {
  readonly ofSets: Readonly<Partial<Record<EventReason, Counter<(typeof perSet)[number]>>>>;
  readonly failures;
  readonly phases;
  readonly acts;
  readonly rounds;
  readonly waits;
  readonly retries;
  readonly apiCalls;
  readonly registryCalls;
  readonly registrySeconds;
  readonly events;
  readonly leader;

  constructor(registry: Registry) {
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
    this.ofSets = {
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
    this.failures = counter(
      "lifecycle_state_failed_observed_total",
      "Failures of main agents, by the phase of the set before.",
      "phase",
    );
    this.phases = {
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
    this.acts = counter(
      "actions_total",
      "Actions by kind, and what they came to: done, stale (planned anew), failed.",
      "kind",
      "outcome",
    );
    this.rounds = histogram(
      "reconcile_duration_seconds",
      "How long a pass over a key took, waits for the registry left out.",
      seconds,
      "kind",
    );
    this.waits = histogram("queue_wait_seconds", "How long a key waited for a worker.", seconds);
    this.retries = counter(
      "reconcile_retries_total",
      "Passes that are repeated, because something changed meanwhile (stale) or failed.",
      "why",
    );
    this.apiCalls = counter(
      "api_requests_total",
      "Requests to the API server by verb and status; 0 where there was no answer.",
      "verb",
      "status",
    );
    this.registryCalls = counter(
      "registry_calls_total",
      "Calls to the registry by operation and outcome.",
      "operation",
      "outcome",
    );
    this.registrySeconds = histogram(
      "registry_call_duration_seconds",
      "How long calls to the registry took.",
      seconds,
      "operation",
    );
    this.events = counter("events_total", "Events for people: sent, or dropped and why.", "outcome");
    this.leader = new Gauge({
      name: "cocoon_operator_leader",
      help: "1 while this replica leads.",
      registers,
    });
    this.#startAtZero();
  }

  /** Prometheus sees a first failure only where it has seen that there was none. */
  #startAtZero(): void {
    for (const why of ["stale", "failed"]) this.retries.inc({ why }, 0);
    for (const kind of actKinds) {
      for (const outcome of outcomes) this.acts.inc({ kind, outcome }, 0);
    }
    for (const phase of Object.values(this.phases)) {
      for (const result of Object.values(results)) phase.zero({ result });
    }
  }
}

import { apiVersion } from "@cocoonstack/common/meta";
import type { EventTarget } from "@cocoonstack/machinery/events";
import type { WorkResult } from "@cocoonstack/machinery/queue";
import type { Act, Acting, Outcome, OwnerStatus, TagRegistry } from "../act/index.js";
import { type Plan, type PlannedEvent, registryRetryMs, tagKey } from "../model/index.js";
import { keyText, parseKey, type WorkKey } from "../observe/index.js";
import { isOwnerAct, isPodAct, isTagAct, podOf, type TagAct } from "./acts.js";
import { HeldChanges } from "./held-changes.js";
import type { Observer } from "./observer.js";
import type { Planned, Round } from "./round.js";
import { failureText, withFailures } from "./statuses.js";
import { ActionsFailedError, StaleRoundError } from "./round-errors.js";
import { TagProbes } from "./tag-probes.js";

/** What happens in a controller, for metrics, the log and people. A hook must not throw. */
export interface ControllerObserver {
  /** A round begins: this is all that there is of a key. */
  observed(key: string, subjects: readonly Planned[]): void;
  acted(subject: Planned, act: Act, outcome: Outcome): void;
  /** A status was written that differs from the one before. */
  statusWritten(subject: Planned, status: OwnerStatus): void;
  /** What people are to be told of an object. */
  event(target: EventTarget, event: PlannedEvent, subject: Planned): void;
}

/** See {@link Controller}. */
export interface ControllerOptions {
  readonly observer: Observer;
  readonly actor: Acting;
  readonly registry: TagRegistry;
  /** Wants a pass over a key, in so many milliseconds. */
  readonly enqueue: (key: WorkKey, afterMs: number) => void;
  readonly hooks: ControllerObserver;
  /** Aborted when everything has to end. */
  readonly signal: AbortSignal;
}

interface PlanOf {
  readonly subject: Planned;
  readonly plan: Plan<object>;
}

/** After a change at the registry that was not made, the key is looked at again so late. */
const afterFailureMs = 1_000;

/**
 * Works keys: observes, has a plan made, carries it out. What needs the registry happens away from the workers: meanwhile the key rests,
 * and only that one, until the registry has answered or its deadline has passed.
 */
export class Controller {
  readonly #options: ControllerOptions;
  /** Keys of which something is under way at the registry. */
  readonly #away = new Map<string, Promise<void>>();
  /** Keys that were wanted since they were last observed: a round that has waited for answers does not know why. */
  readonly #outdated = new Set<string>();
  /** Rounds that have got their answers. */
  readonly #answered = new Map<string, Round>();
  readonly #held = new HeldChanges();
  readonly #probes: TagProbes;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#probes = new TagProbes({ ...options, held: this.#held });
  }

  /** Something about a key has changed: a round that has not seen it is not the last one, whenever it comes to its end. */
  changed(key: WorkKey): void {
    this.#outdated.add(keyText(key));
  }

  /**
   * One pass over a key.
   *
   * @throws {StaleRoundError} when what was planned by has changed meanwhile.
   * @throws {ActionsFailedError} of everything that could not be done.
   */
  async work(text: string): Promise<WorkResult> {
    if (this.#away.has(text)) {
      this.#outdated.add(text);
      return "under way";
    }
    const answered = this.#answered.get(text);
    this.#answered.delete(text);
    const result = await this.#advance(text, answered ?? (await this.#observe(text)));
    // A key that is away is observed anew when it comes back, or says so then.
    const isOver = !this.#away.has(text);
    return isOver && this.#outdated.has(text) ? { requeueAfterMs: 0 } : result;
  }

  async #observe(text: string): Promise<Round> {
    // Before, not after: what changes meanwhile may or may not be seen.
    this.#outdated.delete(text);
    const { observer, hooks } = this.#options;
    const round = await observer.observe(parseKey(text));
    hooks.observed(text, round.subjects);
    return round;
  }

  /** Resolves once nothing is under way any more. */
  async ended(): Promise<void> {
    while (this.#away.size > 0) await Promise.all(this.#away.values());
  }

  async #advance(text: string, round: Round): Promise<WorkResult> {
    const plans = round.subjects.map((subject) => ({ subject, plan: subject.plan(round.tags) }));
    await this.#actOnPods(text, round, plans);
    const open = plans.flatMap(({ plan }) => plan.asks).filter((ref) => !round.tags.has(tagKey(ref)));
    if (open.length === 0) return this.#conclude(text, round, plans);
    this.#sendAway(text, async () => {
      for (const [tag, fact] of await this.#probes.ask(open)) round.tags.set(tag, fact);
      this.#answered.set(text, round);
      return 0;
    });
    return "under way";
  }

  /** What is done about pods needs no answer, and is done but once however often the plan is made again. */
  async #actOnPods(text: string, round: Round, plans: readonly PlanOf[]): Promise<void> {
    const acts = plans.flatMap(({ subject, plan }) =>
      plan.actions.filter(isPodAct).map((act) => ({ subject, act })),
    );
    const due = acts.filter(({ act }) => !round.carriedOut.has(JSON.stringify(act)));
    for (const { act } of due) round.carriedOut.add(JSON.stringify(act));
    await Promise.all(due.map(({ subject, act }) => this.#carryOut(text, round, subject, act)));
  }

  async #conclude(text: string, round: Round, plans: readonly PlanOf[]): Promise<WorkResult> {
    for (const planOf of plans) await this.#concludeOne(text, round, planOf);
    const changes = plans.flatMap(({ subject, plan }) =>
      plan.actions.filter(isTagAct).map((act) => ({ subject, act })),
    );
    const due = changes.filter(({ act }) => this.#held.restMs(act) === 0);
    if (due.length > 0) {
      this.#sendAway(text, async () => {
        const outcomes = await Promise.all(
          due.map(({ subject, act }) => this.#changeTag(text, round, subject, act)),
        );
        return pauseMs(outcomes);
      });
    }
    return this.#resultOf(round, plans);
  }

  /** The object itself, its status, and last what people are told of it. */
  async #concludeOne(text: string, round: Round, { subject, plan }: PlanOf): Promise<void> {
    for (const act of plan.actions.filter(isOwnerAct)) await this.#carryOut(text, round, subject, act);
    const isShown = await this.#show(round, subject, plan);
    const events = plan.actions.filter((action) => action.kind === "emit-event");
    for (const event of events) {
      const isSo = event.of === "status" ? isShown : round.results.pods.has(event.of.pod);
      if (isSo) this.#options.hooks.event(targetOf(subject), event, subject);
    }
  }

  /** Whether the API server shows what the plan says, as far as it says anything. */
  async #show(round: Round, subject: Planned, plan: Plan<object>): Promise<boolean> {
    // What is said is said by a plan that was carried out: of a stale one, the next round says it.
    if (round.results.stale.length > 0) return false;
    return plan.status === undefined || this.#say(round, subject, plan, plan.status);
  }

  /** Writes the status. Gives whether what it says is so at the API server. */
  async #say(round: Round, subject: Planned, plan: Plan<object>, planned: OwnerStatus): Promise<boolean> {
    const { actor, hooks } = this.#options;
    const failures = [...round.results.failures, ...this.#held.failuresOf(plan.actions)];
    const status = withFailures(planned, failures);
    const outcome = await actor.writeStatus(subject, status);
    this.#count(round, outcome);
    if (outcome.kind === "done") {
      hooks.statusWritten(subject, status);
      if (failures.length > 0) hooks.event(targetOf(subject), failureEvent(failures), subject);
    }
    return outcome.kind === "done" || outcome.kind === "left out";
  }

  async #carryOut(text: string, round: Round, subject: Planned, act: Act): Promise<Outcome> {
    const outcome = await this.#options.actor.act(subject, act);
    this.#options.hooks.acted(subject, act, outcome);
    this.#count(round, outcome);
    if (outcome.kind === "done") {
      round.results.hasActed = true;
      if (isPodAct(act)) round.results.pods.add(podOf(act));
    }
    if (outcome.kind === "stale" && outcome.heldName !== undefined) {
      this.#options.observer.stranger(parseKey(text), outcome.heldName);
    }
    return outcome;
  }

  #count({ results }: Round, outcome: Outcome): void {
    if (outcome.kind === "stale") results.stale.push(outcome.why);
    if (outcome.kind === "failed") results.failures.push(outcome.error);
  }

  async #changeTag(text: string, round: Round, subject: Planned, act: TagAct): Promise<Outcome> {
    const outcome = await this.#carryOut(text, round, subject, act);
    this.#held.ended(act, outcome);
    return outcome;
  }

  /** @throws what has to be tried again, with growing pauses. */
  #resultOf({ results, lookAgainMs }: Round, plans: readonly PlanOf[]): WorkResult {
    if (results.failures.length > 0) throw new ActionsFailedError(results.failures);
    if (results.stale.length > 0) throw new StaleRoundError(results.stale);
    if (results.hasActed) return { requeueAfterMs: 0 };
    const actions = plans.flatMap(({ plan }) => plan.actions);
    const delays = actions.flatMap((action) => (action.kind === "requeue" ? [action.afterMs] : []));
    const restsMs = actions.filter(isTagAct).map((act) => this.#held.restMs(act) || registryRetryMs);
    const soonestMs = Math.min(...delays, ...restsMs, lookAgainMs ?? Infinity);
    return Number.isFinite(soonestMs) ? { requeueAfterMs: soonestMs } : undefined;
  }

  /** Does something that may take long, while the workers go on. It gives how long after its end the key is wanted again. */
  #sendAway(text: string, task: () => Promise<number>): void {
    const { enqueue, signal } = this.#options;
    const under = task().then((afterMs) => {
      this.#away.delete(text);
      if (!signal.aborted) enqueue(parseKey(text), afterMs);
    });
    this.#away.set(text, under);
  }
}

/** How long after changes at the registry the key is wanted again. */
function pauseMs(outcomes: readonly Outcome[]): number {
  const kinds = new Set(outcomes.map(({ kind }) => kind));
  if (kinds.has("stale") || kinds.has("failed")) return afterFailureMs;
  // What nobody does looks the same in a moment.
  return kinds.has("left out") ? registryRetryMs : 0;
}

const failureEvent = (failures: readonly Error[]): PlannedEvent => ({
  type: "Warning",
  reason: "ActionFailed",
  message: failureText(failures),
});

const targetOf = ({ ref: { kind, namespace, name, uid } }: Planned): EventTarget => ({
  apiVersion,
  kind,
  namespace,
  name,
  uid,
});

import { apiVersion } from "@cocoonstack/common/meta";
import type { EventTarget } from "@cocoonstack/machinery/events";
import type { WorkResult } from "@cocoonstack/machinery/queue";
import type { Act, Acting, Outcome, OwnerStatus, TagRegistry } from "../act/index.js";
import {
  type Action,
  type Plan,
  type PlannedEvent,
  registryRetryMs,
  type TagFact,
  tagKey,
  type TagRef,
} from "../model/index.js";
import { parseKey, type WorkKey } from "../observe/index.js";
import type { Observer } from "./observer.js";
import type { Planned, Round } from "./round.js";
import { withFailures } from "./statuses.js";
import { ActionsFailedError, StaleRoundError } from "./round-errors.js";

/** What happens in a controller, for metrics, the log and people. A hook must not throw. */
export interface ControllerObserver {
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

/** What the registry said when a tag was to be changed, and until when it is not asked again, of `performance.now()`. */
interface Refusal {
  readonly message: string;
  readonly untilMs: number;
}

/** After a change at the registry that was not made, the key is looked at again so late. */
const afterFailureMs = 1_000;

/** How long the registry may take to say what a tag is. */
const probeMs = 5_000;

/**
 * Works keys: observes, has a plan made, carries it out. What needs the registry happens away from the workers: meanwhile the key rests,
 * and only that one, until the registry has answered or its deadline has passed.
 */
export class Controller {
  readonly #options: ControllerOptions;
  /** Keys of which something is under way at the registry. */
  readonly #away = new Map<string, Promise<void>>();
  /** Keys that were wanted while they were away. */
  readonly #missed = new Set<string>();
  /** Rounds that have got their answers. */
  readonly #answered = new Map<string, Round>();
  /** What the registry said when a tag was to be changed, by `tagKey`. */
  readonly #refusals = new Map<string, Refusal>();

  constructor(options: ControllerOptions) {
    this.#options = options;
  }

  /**
   * One pass over a key.
   *
   * @throws {StaleRoundError} when what was planned by has changed meanwhile.
   * @throws {ActionsFailedError} of everything that could not be done.
   */
  async work(text: string): Promise<WorkResult> {
    if (this.#away.has(text)) {
      this.#missed.add(text);
      return "under way";
    }
    const round = this.#answered.get(text) ?? (await this.#options.observer.observe(parseKey(text)));
    this.#answered.delete(text);
    const result = await this.#advance(text, round);
    // What changed while the key was away came after the round was observed.
    const isOver = !this.#away.has(text);
    return isOver && this.#missed.delete(text) ? { requeueAfterMs: 0 } : result;
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
      await Promise.all(open.map(async (ref) => round.tags.set(tagKey(ref), await this.#probe(ref))));
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
    const due = changes.filter(({ act }) => !this.#isHeld(act));
    if (due.length > 0) {
      this.#sendAway(text, async () => {
        const outcomes = await Promise.all(
          due.map(({ subject, act }) => this.#changeTag(text, round, subject, act)),
        );
        return outcomes.every(({ kind }) => kind === "done") ? 0 : afterFailureMs;
      });
    }
    return resultOf(round, plans);
  }

  /** The object itself, its status, and last what people are told of it. */
  async #concludeOne(text: string, round: Round, { subject, plan }: PlanOf): Promise<void> {
    for (const act of plan.actions.filter(isOwnerAct)) await this.#carryOut(text, round, subject, act);
    // What is said is said by a plan that was carried out: of a stale one, the next round says it.
    if (round.results.stale.length > 0) return;
    const isSaid = plan.status === undefined || (await this.#say(round, subject, plan, plan.status));
    if (!isSaid) return;
    for (const action of plan.actions) {
      if (action.kind === "emit-event") this.#options.hooks.event(targetOf(subject), action, subject);
    }
  }

  /** Writes the status. Gives whether what it says is so at the API server. */
  async #say(round: Round, subject: Planned, plan: Plan<object>, planned: OwnerStatus): Promise<boolean> {
    const { actor, hooks } = this.#options;
    const failures = [...round.results.failures, ...this.#heldFailures(plan)];
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
    if (outcome.kind === "done") round.results.hasActed = true;
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
    const key = changedTag(act);
    if (outcome.kind === "done") this.#refusals.delete(key);
    if (outcome.kind === "failed") {
      this.#refusals.set(key, {
        message: outcome.error.message,
        untilMs: performance.now() + registryRetryMs,
      });
    }
    return outcome;
  }

  /** Whether the registry refused just this, not long ago. */
  #isHeld(act: TagAct): boolean {
    return (this.#refusals.get(changedTag(act))?.untilMs ?? 0) > performance.now();
  }

  /** Changes that are not tried again yet; of a deletion that was refused, the plan itself speaks. */
  #heldFailures({ actions }: Plan<object>): readonly Error[] {
    return actions
      .filter((action) => action.kind === "retag" && this.#isHeld(action))
      .flatMap((action) => (isTagAct(action) ? (this.#refusals.get(changedTag(action))?.message ?? []) : []))
      .map((message) => new Error(message));
  }

  async #probe(ref: TagRef): Promise<TagFact> {
    const { registry, signal } = this.#options;
    try {
      const digest = await registry.resolve(ref.vmName, ref.tag, { timeoutMs: probeMs, signal });
      const refusal = this.#refusals.get(tagKey(ref))?.message;
      if (digest !== undefined)
        return { state: "present", digest, ...(refusal !== undefined && { refusal }) };
      this.#refusals.delete(tagKey(ref));
      return { state: "absent" };
    } catch (error) {
      return { state: "unknown", message: error instanceof Error ? error.message : String(error) };
    }
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

type PodAct = Extract<Action, { readonly kind: "create-pod" | "delete-pod" | "patch-pod" }>;
type TagAct = Extract<Action, { readonly kind: "retag" | "delete-tag" }>;
type OwnerAct = Extract<Action, { readonly kind: "patch-owner" | "add-finalizer" | "remove-finalizer" }>;

const isPodAct = (action: Action): action is PodAct =>
  action.kind === "create-pod" || action.kind === "delete-pod" || action.kind === "patch-pod";
const isTagAct = (action: Action): action is TagAct =>
  action.kind === "retag" || action.kind === "delete-tag";
const changedTag = (act: TagAct): string =>
  tagKey({ vmName: act.vmName, tag: act.kind === "retag" ? act.to : act.tag });

const isOwnerAct = (action: Action): action is OwnerAct =>
  action.kind === "patch-owner" || action.kind === "add-finalizer" || action.kind === "remove-finalizer";

/** @throws what has to be tried again, with growing pauses. */
function resultOf({ results, lookAgainMs }: Round, plans: readonly PlanOf[]): WorkResult {
  if (results.failures.length > 0) throw new ActionsFailedError(results.failures);
  if (results.stale.length > 0) throw new StaleRoundError(results.stale);
  if (results.hasActed) return { requeueAfterMs: 0 };
  const delays = plans.flatMap(({ plan }) =>
    plan.actions.flatMap((action) => (action.kind === "requeue" ? [action.afterMs] : [])),
  );
  const heldMs = plans.some(({ plan }) => plan.actions.some(isTagAct)) ? registryRetryMs : Infinity;
  const soonestMs = Math.min(...delays, lookAgainMs ?? Infinity, heldMs);
  return Number.isFinite(soonestMs) ? { requeueAfterMs: soonestMs } : undefined;
}

const failureEvent = (failures: readonly Error[]): PlannedEvent => ({
  type: "Warning",
  reason: "ActionFailed",
  message: [...new Set(failures.map(({ message }) => message))].join("; "),
});

const targetOf = ({ ref: { kind, namespace, name, uid } }: Planned): EventTarget => ({
  apiVersion,
  kind,
  namespace,
  name,
  uid,
});

import type { Outcome } from "../act/index.js";
import { type Action, pollMs, registryRetryMs, type TagFact, tagKey, type TagRef } from "../model/index.js";
import { changedTag, isTagAct, type TagAct } from "./acts.js";

/** How the last change of a tag has ended. */
interface Ended {
  readonly act: TagAct;
  readonly outcome: Extract<Outcome, { readonly kind: "done" | "failed" }>;
  /** Until when the same change is not made again, of `performance.now()`. */
  readonly untilMs: number;
}

/**
 * What came of changes at the registry, and which of them have to wait: a registry that says no, or that says yes and does not show it yet
 * (behind a cache, or a mirror that lags), is not asked for the same as fast as it answers.
 */
export class HeldChanges {
  /** By `tagKey`. */
  readonly #ended = new Map<string, Ended>();

  /** A change has come to its end. */
  ended(act: TagAct, outcome: Outcome): void {
    if (outcome.kind !== "done" && outcome.kind !== "failed") return;
    const nowMs = performance.now();
    // What nobody has tried again for so long is wanted by nobody any more.
    for (const [key, { untilMs }] of this.#ended) {
      if (untilMs + registryRetryMs < nowMs) this.#ended.delete(key);
    }
    const pauseMs = outcome.kind === "done" ? pollMs : registryRetryMs;
    this.#ended.set(changedTag(act), { act, outcome, untilMs: nowMs + pauseMs });
  }

  /** In how many milliseconds a change may be made; 0 where nothing is in its way. */
  restMs(act: TagAct): number {
    const held = this.#ended.get(changedTag(act));
    const isSame = held?.act.kind === act.kind && held.act.digest === act.digest;
    return isSame ? Math.max(0, held.untilMs - performance.now()) : 0;
  }

  /** Why changes of a plan are not made yet. Of a deletion that was refused, the plan itself speaks. */
  failuresOf(actions: readonly Action[]): readonly Error[] {
    return actions.filter(isTagAct).flatMap((act) => {
      const outcome = this.#ended.get(changedTag(act))?.outcome;
      if (outcome?.kind !== "failed" || this.restMs(act) === 0) return [];
      return act.kind === "delete-tag" && outcome.isRefused === true ? [] : [outcome.error];
    });
  }

  /** How a tag that is there withstood its deletion. */
  of(ref: TagRef): Pick<Extract<TagFact, { readonly state: "present" }>, "refusal" | "failure"> {
    const held = this.#ended.get(tagKey(ref));
    if (held?.act.kind !== "delete-tag" || held.outcome.kind === "done") return {};
    const { error, isRefused = false } = held.outcome;
    return isRefused ? { refusal: error.message } : { failure: error.message };
  }

  /** A tag is not there: nobody has to delete it any more. */
  absent(ref: TagRef): void {
    if (this.#ended.get(tagKey(ref))?.act.kind === "delete-tag") this.#ended.delete(tagKey(ref));
  }
}

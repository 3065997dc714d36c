import { decide } from "./decide.js";
import type { Effect } from "./effect.js";
import type { Event } from "./event.js";
import { afterFailure } from "./failures.js";
import { restartCooldownMs } from "./limits.js";
import { afterStep } from "./progress.js";
import type { Reaction } from "./reaction.js";
import type { VMState } from "./state.js";

/**
 * One step in the life of a VM: what was known and what has happened become what is known and what is to be done. Pure, so that
 * every order of events can be tried.
 *
 * @param nowMs The agent's clock, which only has to go forward.
 *
 * @example
 * ```ts
 * const { state, effects } = react(firstState(pod, found), { type: "seen", pod }, performance.now());
 * ```
 */
export function react(state: VMState, event: Event, nowMs: number): Reaction {
  switch (event.type) {
    case "seen":
      return decide({ ...state, pod: event.pod }, nowMs);
    case "gone":
      return decide({ ...state, pod: undefined }, nowMs);
    case "settled":
      return decide(state, nowMs);
    case "done":
      return { state: afterStep(state, event.effect, event.result ?? {}, nowMs), effects: [] };
    case "failed":
      return failed(state, event, nowMs);
    case "vanished":
      return vanished(state, nowMs);
    case "stopped":
      return stopped(state, nowMs);
    case "addressed":
      return addressed(state, event.ip);
  }
}

/** Whether a VM can be restarted is nothing that time would change. */
function failed(state: VMState, event: Extract<Event, { type: "failed" }>, nowMs: number): Reaction {
  const { effect, message } = event;
  if (effect.do !== "restart") return afterFailure(state, effect, message, nowMs);
  return decide({ ...state, life: "lost", lostBy: "RestartFailed" }, nowMs);
}

/** One that has gone to sleep, or was ended, did not vanish. */
function vanished(state: VMState, nowMs: number): Reaction {
  if (state.life !== "awake") return { state, effects: [] };
  return decide({ ...state, life: "lost", vm: undefined, lostBy: "VMGone" }, nowMs);
}

/** A VM that stops is started again, unless it has stopped a moment ago. */
function stopped(state: VMState, nowMs: number): Reaction {
  if (state.life !== "awake") return { state, effects: [] };
  const { restartedMs } = state;
  if (restartedMs !== undefined && nowMs - restartedMs < restartCooldownMs) {
    return decide({ ...state, life: "lost", lostBy: "RestartCooldown" }, nowMs);
  }
  return { state, effects: [{ do: "restart" }] };
}

function addressed(state: VMState, ip: string): Reaction {
  if (state.vm === undefined) return { state, effects: [] };
  const { shown } = state;
  const effects: Effect[] = [{ do: "identify" }];
  if (shown?.as === "running") effects.push({ do: "show", shown });
  return { state: { ...state, vm: { ...state.vm, ip } }, effects };
}

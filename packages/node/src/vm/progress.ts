import type { Effect } from "./effect.js";
import type { StepResult } from "./event.js";
import { firstProbeMs, mostMisses, slowestProbeMs, steadyProbeMs } from "./limits.js";
import { needsSetUp } from "./pod-view.js";
import { freshProbe, type Probe, type VM, type VMState } from "./state.js";

/** What is known once a step has succeeded. */
export function afterStep(state: VMState, effect: Effect, result: StepResult, nowMs: number): VMState {
  switch (effect.do) {
    case "report":
    case "echo":
      return reported(state, effect, result.generation ?? 0);
    case "probe":
      return { ...state, probe: probed(state.probe, result.answers === true, nowMs) };
    case "show":
      return { ...state, shown: effect.shown };
    case "remove":
      return { ...state, pod: undefined };
    default:
      return afterHostStep(state, effect, result.vm, nowMs);
  }
}

/** The same of steps that change what is on the host. */
function afterHostStep(state: VMState, effect: Effect, vm: VM | undefined, nowMs: number): VMState {
  switch (effect.do) {
    case "start":
      return { ...state, life: "awake", vm, isSetUp: !needsSetUp(effect.source), probe: freshProbe };
    case "set-up":
      return { ...state, isSetUp: true };
    case "destroy":
      return { ...state, vm: undefined, life: effect.sleeps ? "asleep" : "none" };
    case "restart":
      return { ...state, restartedMs: nowMs };
    default:
      return state;
  }
}

/** An act that has come to its end leaves its failures behind. */
function reported(
  state: VMState,
  effect: Extract<Effect, { do: "report" | "echo" }>,
  observedGeneration: number,
): VMState {
  const lifecycle = { state: effect.state, observedGeneration, message: effect.message };
  const isGood = effect.state === "ready" || effect.state === "hibernated";
  return { ...state, lifecycle, rest: isGood ? undefined : state.rest };
}

function probed(probe: Probe, answers: boolean, nowMs: number): Probe {
  if (answers) return { answers, misses: 0, dueMs: nowMs + steadyProbeMs, delayMs: firstProbeMs };
  const misses = probe.misses + 1;
  const isStillGood = probe.answers && misses < mostMisses;
  const delayMs = isStillGood ? steadyProbeMs : probe.delayMs;
  return {
    answers: isStillGood,
    misses,
    dueMs: nowMs + delayMs,
    delayMs: isStillGood ? firstProbeMs : Math.min(probe.delayMs * 2, slowestProbeMs),
  };
}

import {
  defaultSnapshotTag,
  hibernateSnapshotTag,
  isTerminalLifecycleState,
  type LifecycleState,
  lifecycleStates,
  parseVMRuntime,
  parseVMSpec,
  readCocoonSetGeneration,
  shouldSnapshotVM,
} from "@cocoonstack/common/meta";
import type { Effect } from "./effect.js";
import { afterFailure, isResting } from "./failures.js";
import {
  hasEnded,
  isLeaving,
  type PodView,
  runs,
  type Source,
  sourceOf,
  sleepingState,
  wantsSleep,
} from "./pod-view.js";
import type { Reaction } from "./reaction.js";
import type { VMState } from "./state.js";

/** What is to be done now, by what the pod asks for and what there is. */
export function decide(state: VMState, nowMs: number): Reaction {
  const { pod } = state;
  if (isResting(state, nowMs)) return { state, effects: echo(state), againMs: state.rest?.untilMs };
  if (pod === undefined) return { state, effects: hasAnything(state) ? [end] : [] };
  if (isLeaving(pod)) return { state, effects: leave(state, pod) };
  if (state.life === "lost") return { state, effects: lose(state) };
  return live(state, pod, nowMs);
}

const end: Effect = { do: "destroy", sleeps: false };

const hasAnything = ({ vm, life, isManaged }: VMState): boolean =>
  isManaged && (vm !== undefined || life === "asleep");

/** What a pod that stays asks for. */
function live(state: VMState, pod: PodView, nowMs: number): Reaction {
  if (hasEnded(pod)) return { state, effects: [] };
  switch (state.life) {
    case "none":
      return create(state, pod, nowMs);
    case "asleep":
      return { state, effects: wantsSleep(pod) ? sleepOn(state) : bringUp(sleepingState) };
    case "awake":
      // What was begun is brought to its end first.
      return wantsSleep(pod) && state.lifecycle.state !== "creating"
        ? { state, effects: hibernate }
        : keepUp(state, nowMs);
    case "lost":
      return { state, effects: [] };
  }
}

function create(state: VMState, pod: PodView, nowMs: number): Reaction {
  if (!state.isManaged) return adopt(state, pod, nowMs);
  const source = sourceOf(pod);
  if (typeof source === "string") return cannotStart(state, source, nowMs);
  return { state, effects: bringUp(source) };
}

/** A VM that others run is stood for, where the pod says which. */
function adopt(state: VMState, pod: PodView, nowMs: number): Reaction {
  const { vmID: id, ip } = parseVMRuntime(pod);
  if (id === "" || ip === "") {
    return cannotStart(
      state,
      "the pod stands for a VM that others run, and does not say its id and ip",
      nowMs,
    );
  }
  const { vmName: name } = parseVMSpec(pod);
  return keepUp({ ...state, life: "awake", vm: { name, id, ip }, isSetUp: true }, nowMs);
}

const cannotStart = (state: VMState, message: string, nowMs: number): Reaction =>
  afterFailure(state, { do: "start", source: sleepingState }, message, nowMs);

const identify: Effect = { do: "identify" };

const bringUp = (source: Source): readonly Effect[] => [
  { do: "report", state: "creating", message: "" },
  { do: "start", source },
  identify,
  { do: "probe" },
];

const hibernate: readonly Effect[] = [
  { do: "report", state: "hibernating", message: "" },
  { do: "save" },
  { do: "push", tag: hibernateSnapshotTag },
  { do: "unidentify" },
  { do: "destroy", sleeps: true },
  { do: "show", shown: { as: "asleep" } },
  { do: "report", state: "hibernated", message: "" },
];

/** What was left to say when its VM had gone to sleep. */
function sleepOn(state: VMState): readonly Effect[] {
  const { state: reported } = state.lifecycle;
  if (reported === "hibernated") return echo(state);
  // Of one generation, `failed` is followed by a new try alone.
  const again: readonly Effect[] =
    reported === "hibernating" ? [] : [{ do: "report", state: "hibernating", message: "" }];
  return [
    ...again,
    { do: "unidentify" },
    { do: "show", shown: { as: "asleep" } },
    { do: "report", state: "hibernated", message: "" },
  ];
}

/** A VM runs, and shall. */
function keepUp(state: VMState, nowMs: number): Reaction {
  const { lifecycle, isSetUp, shown, probe } = state;
  const { answers, dueMs } = probe;
  if (lifecycle.state === "creating") {
    return {
      state,
      effects: isSetUp ? [...show(answers), ready] : [...show(false), { do: "set-up" }, { do: "probe" }],
    };
  }
  if (lifecycle.state !== "ready") return { state, effects: [...bringUpAgain] };
  if (nowMs >= dueMs) {
    // The agent before this one may have ended before everything was written.
    return { state, effects: [...(shown === undefined ? [identify] : []), { do: "probe" }] };
  }
  if (shown?.as !== "running" || shown.isReady !== answers) return { state, effects: show(answers) };
  return { state, effects: echo(state), againMs: dueMs };
}

const ready: Effect = { do: "report", state: "ready", message: "" };

const show = (isReady: boolean): readonly Effect[] => [{ do: "show", shown: { as: "running", isReady } }];

/** The VM is there already: it was adopted, or was not to sleep after all. */
const bringUpAgain: readonly Effect[] = [
  { do: "report", state: "creating", message: "" },
  identify,
  { do: "probe" },
];

/** Answers a stamp that was raised by the state that still holds. */
function echo({ pod, lifecycle }: VMState): readonly Effect[] {
  const { state, observedGeneration, message } = lifecycle;
  if (pod === undefined || !isLifecycleState(state) || !isTerminalLifecycleState(state)) return [];
  return readCocoonSetGeneration(pod) > observedGeneration ? [{ do: "echo", state, message }] : [];
}

const isLifecycleState = (state: string): state is LifecycleState =>
  lifecycleStates.some((known) => known === state);

/** A pod that is to go, and its VM, or what there is of it. */
function leave(state: VMState, pod: PodView): readonly Effect[] {
  const atOnce: Effect = { do: "remove", atOnce: true };
  if (state.vm === undefined || !state.isManaged) return [atOnce, ...(hasAnything(state) ? [end] : [])];
  // As the virtual kubelet has it: a pod without a running container is removed at once, and its VM after it.
  if (!runs(pod)) return [atOnce, end];
  const keep: readonly Effect[] = [{ do: "save" }, { do: "push", tag: defaultSnapshotTag }];
  return [...(shouldSnapshotVM(parseVMSpec(pod)) ? keep : []), end, { do: "remove", atOnce: false }];
}

function lose({ shown, lostBy }: VMState): readonly Effect[] {
  if (shown?.as === "lost" || lostBy === undefined) return [];
  return [{ do: "evict" }, { do: "show", shown: { as: "lost", reason: lostBy } }];
}

import { hibernateSnapshotTag } from "@cocoonstack/common/meta";
import type { Effect } from "./effect.js";
import { mostRetries, retryDelayMs } from "./limits.js";
import { isLeaving, ordersOf } from "./pod-view.js";
import type { Reaction } from "./reaction.js";
import type { VMState } from "./state.js";

/** What is to be done when a step has failed: what it leaves half-done is undone or reported, and the act is tried again later. */
export function afterFailure(state: VMState, effect: Effect, message: string, nowMs: number): Reaction {
  const tired = withRest(state, nowMs);
  return { state: tired, effects: consequences(tired, effect, message), againMs: tired.rest?.untilMs };
}

function withRest(state: VMState, nowMs: number): VMState {
  const { pod, rest } = state;
  const orders = ordersOf(pod);
  const failures = rest?.orders === orders ? rest.failures + 1 : 1;
  // Whoever deletes a pod waits for it, so that is never given up.
  const isEndless = pod === undefined || isLeaving(pod);
  const untilMs = failures > mostRetries && !isEndless ? Infinity : nowMs + retryDelayMs(failures);
  return { ...state, rest: { failures, untilMs, orders } };
}

/** Whether what failed is still to wait before it is tried again. */
export const isResting = ({ rest, pod }: VMState, nowMs: number): boolean =>
  rest !== undefined && nowMs < rest.untilMs && rest.orders === ordersOf(pod);

/** A pod that leaves says no more than that it leaves. */
function consequences(state: VMState, effect: Effect, message: string): readonly Effect[] {
  if (state.pod === undefined || isLeaving(state.pod)) return [];
  switch (effect.do) {
    case "start":
      return failed("ProviderCreateFailed", message);
    case "save":
    case "push":
      return failed("ProviderUpdateFailed", message);
    case "destroy":
      // The VM runs on, so its snapshot is about to be older than the VM.
      return [
        { do: "untag", tag: hibernateSnapshotTag },
        { do: "identify" },
        ...failed("ProviderUpdateFailed", message),
      ];
    case "untag":
      return [{ do: "identify" }, ...failed("ProviderUpdateFailed", message)];
    case "set-up":
      return [{ do: "report", state: "failed", message }];
    default:
      // Requests to the API server: nothing has changed on the host, and saying so would be another request.
      return [];
  }
}

/** The steps that say that an act failed. */
const failed = (reason: string, message: string): readonly Effect[] => [
  { do: "report", state: "failed", message },
  { do: "show", shown: { as: "provider-failed", message } },
  { do: "warn", reason, message },
];

import { setFinalizer, type SetPlan } from "../model/index.js";
import { conditionsOf } from "./conditions.js";
import { type Context, contextOf, type SetObservation } from "./context.js";
import { planDeletion, unreadable } from "./deletion.js";
import { crossOut, departAll, unwantedVMs } from "./departures.js";
import { Draft } from "./draft.js";
import { transitionEvents } from "./events.js";
import { mendAll } from "./mend.js";
import { recoveryTrouble } from "./recovery.js";
import { replaceStale } from "./replace.js";
import { reportAll } from "./reports.js";
import { statusOf } from "./status.js";
import { countsOf, summaryOf } from "./summary.js";
import { isWantedSlot } from "./wanted.js";

/**
 * What to do about a CocoonSet, and what to say of it, by what was observed. The same observation gives the same plan; once
 * nothing changes any more, it holds no action but perhaps a time to look again.
 *
 * @example
 * const { asks, actions, status } = planCocoonSet({ nowMs, set, pods, hibernations, tags, takenVMNames });
 */
export function planCocoonSet(observation: SetObservation): SetPlan {
  const context = contextOf(observation);
  const { set, names, records } = context;
  if (set.isDeleting) return planDeletion(context);
  if (!set.finalizers.includes(setFinalizer)) {
    const { uid, resourceVersion } = set;
    const action = { kind: "add-finalizer", uid, resourceVersion, finalizer: setFinalizer } as const;
    return { asks: [], actions: [action], status: undefined };
  }
  return names.isUsable && records !== undefined ? planMembers(context) : planStandstill(context);
}

function planMembers(context: Context): SetPlan {
  const draft = new Draft(context);
  draft.trouble(...context.names.troubles);
  const reports = reportAll(context, draft);
  const replaced = replaceStale(context, draft, reports);
  mendAll(context, draft, reports, replaced);
  const departed = departAll(context, draft, unwantedVMs(context));
  for (const vmName of departed) crossOut(context, draft, vmName);
  const summary = summaryOf(context, reports, draft.troubles, draft.isActing || context.leaving.size > 0);
  const status = statusOf(context, summary, countsOf(context, reports));
  for (const event of transitionEvents(context.set, status.conditions, summary.phase))
    draft.event("status", event);
  return { asks: draft.asks, actions: draft.actions((slot) => isWantedSlot(context, slot)), status };
}

/** Nothing is done about a set of which nothing can be made, or not without the risk of losing state. */
function planStandstill(context: Context): SetPlan {
  const draft = new Draft(context);
  const recovery = recoveryTrouble(context.set, undefined);
  if (recovery !== undefined) draft.trouble(recovery);
  draft.trouble(...context.names.troubles, ...(context.records === undefined ? [unreadable()] : []));
  const ready = {
    reason: "AgentsNotReady",
    message: "nothing is done before what blocks it is mended",
  } as const;
  const progressing = { reason: "Stable", message: "Blocked" } as const;
  const summary = { phase: "Pending", ready, progressing, troubles: draft.troubles } as const;
  const conditions = conditionsOf(context, summary);
  for (const event of transitionEvents(context.set, conditions)) draft.event("status", event);
  return {
    asks: [],
    actions: draft.actions(() => true),
    status: { observedGeneration: context.set.generation, conditions },
  };
}

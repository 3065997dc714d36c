import { hibernationFinalizer, type HibernationPlan } from "../model/index.js";
import { contextOf, type HibernationObservation } from "./context.js";
import { ordersOf } from "./orders.js";
import { progressOf } from "./progress.js";
import { planRelease } from "./release.js";
import { eventsOf, statusOf } from "./status.js";

/**
 * What to do about a CocoonHibernation, and what to say of it. What it asks of a pod that belongs to a CocoonSet, the plan of
 * that set does; here is told how far that has come.
 *
 * @example
 * const { asks, actions, status } = planHibernation({ nowMs, hibernation, hibernations, sets, rivals, pod, tags });
 */
export function planHibernation(observation: HibernationObservation): HibernationPlan {
  const context = contextOf(observation);
  const { hibernation } = context;
  if (hibernation.isDeleting) return planRelease(context);
  if (!hibernation.finalizers.includes(hibernationFinalizer)) {
    const { uid, resourceVersion } = hibernation;
    const action = { kind: "add-finalizer", uid, resourceVersion, finalizer: hibernationFinalizer } as const;
    return { asks: [], actions: [action], status: undefined };
  }
  const progress = progressOf(context);
  const orders = ordersOf(context);
  const delays = [progress.requeueAfterMs, orders.requeueAfterMs].filter((delay) => delay !== undefined);
  return {
    asks: orders.asks,
    actions: [
      ...orders.actions,
      ...(delays.length === 0 ? [] : [{ kind: "requeue", afterMs: Math.min(...delays) } as const]),
      ...eventsOf(context, progress).map(
        (event) => ({ kind: "emit-event", of: "status", ...event }) as const,
      ),
    ],
    status: statusOf(context, progress, orders.troubles),
  };
}

import { readHibernateState } from "@cocoonstack/common/meta";
import { hibernationFinalizer, type HibernationPlan, isSuspended, ownerAnnotations } from "../model/index.js";
import type { Context } from "./context.js";
import { ordersOf } from "./orders.js";
import { withoutVM } from "./progress.js";
import { statusOf } from "./status.js";

/**
 * A CocoonHibernation that is being deleted: its VM wakes, then the tag goes, then the finalizer. Where somebody else decides
 * that the VM sleeps, or nothing of it is left that could wake, the tag stays.
 */
export function planRelease(context: Context): HibernationPlan {
  const { hibernation } = context;
  if (!hibernation.finalizers.includes(hibernationFinalizer))
    return { asks: [], actions: [], status: undefined };
  const orders = ordersOf(context);
  if (orders.isDone || isForced(context) || isElsewhere(context) || isOver(context)) return letGo(context);
  const requeue =
    orders.requeueAfterMs === undefined ? [] : [{ kind: "requeue", afterMs: orders.requeueAfterMs } as const];
  const message =
    context.vmName === ""
      ? `${withoutVM(context)}; the annotation ${ownerAnnotations.forceCleanup}=true lets this go`
      : `the VM of pod ${hibernation.podName} is woken before this goes; the annotation ${ownerAnnotations.forceCleanup}=true lets it go at once`;
  return {
    asks: orders.asks,
    actions: [...orders.actions, ...requeue],
    status: statusOf(context, { phase: "Waking", reason: "Deleting", message }, orders.troubles),
  };
}

function letGo({ hibernation: { uid, resourceVersion } }: Context): HibernationPlan {
  return {
    asks: [],
    actions: [{ kind: "remove-finalizer", uid, resourceVersion, finalizer: hibernationFinalizer }],
    status: undefined,
  };
}

const isForced = ({ hibernation }: Context): boolean =>
  hibernation.annotations[ownerAnnotations.forceCleanup] === "true";

/** Whether the VM is in other hands: its set is suspended or goes, or another CocoonHibernation speaks for it. */
function isElsewhere({ set, decider, hibernation }: Context): boolean {
  if (set !== undefined && (isSuspended(set) || set.isDeleting)) return true;
  return decider.by === "hibernation" && decider.hibernation.uid !== hibernation.uid;
}

/** Whether nothing is asleep any more, or nothing is left that could wake. */
function isOver({ set, pod, record }: Context): boolean {
  const isAsked = pod !== undefined && readHibernateState(pod);
  if (set === undefined) return pod === undefined;
  // Without a digest there is no snapshot to wait for.
  const isLingering = record?.state === "collecting" && record.digest === undefined;
  return !isAsked && (record === undefined || isLingering);
}

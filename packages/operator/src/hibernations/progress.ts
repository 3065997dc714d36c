import type { HibernationPhase } from "@cocoonstack/common/apis/v1";
import { readHibernateState, vmAnnotations, vmNameForPod } from "@cocoonstack/common/meta";
import {
  hibernateDeadlineMs,
  type hibernationFailureReasons,
  type hibernationReasons,
  itemsOf,
  laterMs,
  parseTimeMs,
  type ReasonOf,
  wakeDeadlineMs,
} from "../model/index.js";
import { annotationOf, isAlive } from "../pods/index.js";
import { type Context, isHeard, winnerOf } from "./context.js";

/** How far a CocoonHibernation has come. */
export type Progress = (
  | { readonly phase: "Failed"; readonly reason: FailureReason }
  | {
      readonly phase: Exclude<HibernationPhase, "Failed">;
      readonly reason: Exclude<ReasonOf<typeof hibernationReasons>, FailureReason>;
    }
) & { readonly message: string; readonly requeueAfterMs?: number };

type FailureReason = ReasonOf<typeof hibernationFailureReasons>;

const pending = (message: string): Progress => ({ phase: "Pending", reason: "Pending", message });
const failed = (message: string): Progress => ({ phase: "Failed", reason: "Failed", message });

/** How far a CocoonHibernation has come, by what is observed, and by what was said before. */
export function progressOf(context: Context): Progress {
  const { podName, desire } = context.hibernation;
  if (podName === "")
    return failed("spec.podRef.name is required: name the pod whose VM is to sleep or wake");
  if (desire !== "Hibernate" && desire !== "Wake") {
    return failed(`unknown desire "${desire}": it is Hibernate or Wake`);
  }
  if (!isHeard(context)) {
    const wish = desire === "Hibernate" ? "asleep" : "awake";
    const message = `pod ${podName} is not ${wish} for this, because ${winnerOf(context)}`;
    return { phase: "Pending", reason: "Overruled", message };
  }
  if (context.pod === undefined && context.record === undefined)
    return pending(`pod ${podName} does not exist yet`);
  if (context.vmName === "") return pending(withoutVM(context));
  return keptFailure(context, timed(context, underWay(context)));
}

/** Why it is not known which VM a pod has. */
export function withoutVM({ pod, rivals: [rival], hibernation: { namespace, podName } }: Context): string {
  const named = pod === undefined ? "" : annotationOf(pod, vmAnnotations.name);
  if (named === "") return `pod ${podName} has no VM yet`;
  const own = vmNameForPod(namespace, podName);
  if (named !== own)
    return `pod ${podName} names ${named}, and its VM is ${own}: mend its annotation ${vmAnnotations.name}`;
  return `pod ${podName} is left alone, because ${named} can be a VM of CocoonSet ${rival?.namespace ?? ""}/${rival?.name ?? ""} as well, and they would share their snapshots: give the pod another name`;
}

function underWay(context: Context): Progress {
  const phase = context.hibernation.desire === "Hibernate" ? sleepingPhase(context) : wakingPhase(context);
  const { podName } = context.hibernation;
  const messages = {
    Hibernating: `the VM of pod ${podName} goes into its snapshot`,
    Hibernated: `the VM of pod ${podName} sleeps in ${context.vmName}:hibernate`,
    Waking: `the VM of pod ${podName} comes back`,
    Active: `the VM of pod ${podName} runs`,
  } as const;
  return { phase, reason: phase, message: messages[phase] };
}

type Moving = "Hibernating" | "Hibernated" | "Waking" | "Active";

function sleepingPhase({ record, pod }: Context): Moving {
  // Without its pod it sleeps all the same: it is made again from its snapshot.
  if (record?.state === "saved")
    return pod === undefined || readHibernateState(pod) ? "Hibernated" : "Hibernating";
  return record?.state === "waking" ? "Waking" : "Hibernating";
}

function wakingPhase({ record, pod }: Context): Moving {
  if (record?.state === "saving") return "Hibernating";
  if (record?.state === "saved" || record?.state === "waking" || pod === undefined) return "Waking";
  if (readHibernateState(pod)) return "Hibernating";
  return isAlive(pod) ? "Active" : "Waking";
}

const deadlines = {
  Hibernate: { phase: "Hibernating", limitMs: hibernateDeadlineMs, reason: "HibernateTimedOut" },
  Wake: { phase: "Waking", limitMs: wakeDeadlineMs, reason: "WakeTimedOut" },
} as const;

/** What takes too long has failed. What first has to end the other way round has time for that. */
function timed(context: Context, progress: Progress): Progress {
  const { nowMs, hibernation, set } = context;
  const { phase, limitMs, reason } =
    hibernation.desire === "Hibernate" ? deadlines.Hibernate : deadlines.Wake;
  if (progress.phase !== phase) return progress;
  const remainingMs = startMs(context) + limitMs - nowMs;
  if (remainingMs > 0) return { ...progress, requeueAfterMs: remainingMs };
  const where = set === undefined ? "the condition Degraded" : `the conditions of CocoonSet ${set.name}`;
  const message = `${progress.message} for longer than ${limitMs / 60_000} minutes: look at ${where}, at the pod, and at its node; it ends well if the VM gets there after all, and a change of the spec starts the time anew`;
  return { phase: "Failed", reason, message };
}

/** Since when the present transition lasts: since it was entered, and since the VM was asked for it. */
function startMs({ nowMs, hibernation, record }: Context): number {
  const progressing = itemsOf(hibernation.status.conditions).find(({ type }) => type === "Progressing");
  const enteredMs = progressing?.status === "True" ? parseTimeMs(progressing.lastTransitionTime) : nowMs;
  const isMoving = record?.state === "saving" || record?.state === "waking";
  return laterMs(enteredMs, isMoving ? parseTimeMs(record.since) : undefined) ?? nowMs;
}

const timeOuts = ["HibernateTimedOut", "WakeTimedOut"] as const;

const arrivals: ReadonlySet<HibernationPhase> = new Set<HibernationPhase>(["Hibernated", "Active"]);

/** What failed stays so until its spec changes, or until it succeeds after all. */
function keptFailure({ hibernation }: Context, progress: Progress): Progress {
  const { phase, observedGeneration, conditions } = hibernation.status;
  const isSame = phase === "Failed" && observedGeneration === hibernation.generation;
  if (!isSame || arrivals.has(progress.phase)) return progress;
  const ready = itemsOf(conditions).find(({ type }) => type === "Ready");
  const reason = timeOuts.find((one) => one === ready?.reason) ?? "Failed";
  return { phase: "Failed", reason, message: ready?.message ?? progress.message };
}

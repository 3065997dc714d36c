import { roleToolbox } from "@cocoonstack/common/meta";
import {
  degraded,
  healthyMs,
  laterMs,
  parseTimeMs,
  type PlannedEvent,
  podAnnotations,
  type PodView,
  rebuildDelaysMs,
  timeText,
  type Trouble,
} from "../model/index.js";
import { annotationOf, type Member, memberName, type PodFailure, readySinceMs } from "../pods/index.js";
import type { RebuildEntry } from "./rebuild-history.js";

/** What comes next for a pod that failed, or that did once. */
export interface Rebuild {
  /** What the entry becomes; `null` where it goes, undefined where it stays. */
  readonly entry?: RebuildEntry | null;
  /** Whether the pod goes now, for another in its place. */
  readonly isDue?: boolean;
  /** Whether the mark of the dead letter is to be put on the pod (`true`) or taken off. */
  readonly deadLetter?: boolean;
  readonly event?: PlannedEvent;
  readonly trouble?: Trouble;
  readonly requeueAfterMs?: number;
}

/** Whether the pod of a member has used up its rebuilds. */
export const isDeadLetter = (pod: PodView): boolean =>
  annotationOf(pod, podAnnotations.deadLetter) === "true";

const kindOf = ({ role }: Member): "SubAgent" | "Toolbox" => (role === roleToolbox ? "Toolbox" : "SubAgent");
const wordOf = (member: Member): string =>
  kindOf(member) === "Toolbox" ? memberName(member) : `slot ${member.slot}`;

/**
 * Rebuilds a failed sub-agent or toolbox after 0, 1, 5 and 30 seconds, and then no more. Each rebuild is entered first, with the
 * pod that it gives up; what is entered is done in the next round.
 */
export function rebuildStep(
  nowMs: number,
  member: Member,
  pod: PodView,
  failure: PodFailure,
  entry: RebuildEntry | undefined,
): Rebuild {
  const { name, uid } = pod.metadata;
  const most = rebuildDelaysMs.length;
  if (isDeadLetter(pod)) return deadLetterStep(member, pod, failure);
  const count = entry?.count ?? 0;
  if (entry?.uid === uid) {
    const message = `${wordOf(member)} attempt ${count}/${most}: ${failure.message}`;
    return { isDue: true, event: { type: "Normal", reason: `${kindOf(member)}Rebuilding`, message } };
  }
  const delayMs = rebuildDelaysMs[count];
  if (delayMs === undefined) {
    const message = `${wordOf(member)} is left alone after ${most} rebuilds: ${failure.message}`;
    return {
      deadLetter: true,
      event: { type: "Warning", reason: `${kindOf(member)}DeadLetter`, message },
      trouble: deadLetter(member, name, failure),
    };
  }
  const remainingMs = (parseTimeMs(entry?.lastDeleted) ?? 0) + delayMs - nowMs;
  if (remainingMs <= 0) return { entry: { count: count + 1, lastDeleted: timeText(nowMs), uid } };
  const message = `pod ${name} failed (${failure.message}) and waits for its next rebuild, ${count + 1} of ${most}`;
  return { requeueAfterMs: remainingMs, trouble: degraded("RebuildBackOff", message) };
}

/** What is said of a dead letter; without a failure while the node tries to bring it up once more. */
export const deadLetterStep = (member: Member, pod: PodView, failure?: PodFailure): Rebuild => ({
  trouble: deadLetter(member, pod.metadata.name, failure),
});

/** What is said of a VM that failed in a set that is suspended: it has no snapshot, and is none of the VMs that sleep. */
export const unsavedStep = (
  member: Member,
  { metadata: { name } }: PodView,
  failure: PodFailure,
): Rebuild => ({
  trouble: degraded(
    "PodLifecycleFailed",
    `pod ${name} (${memberName(member)}) failed before its VM was saved, and is rebuilt when its set wakes: ${failure.message}`,
  ),
});

function deadLetter(member: Member, podName: string, failure: PodFailure | undefined): Trouble {
  const cause = failure === undefined ? "" : `: ${failure.message}`;
  return degraded(
    "DeadLetter",
    `pod ${podName} (${memberName(member)}) failed again after ${rebuildDelaysMs.length} rebuilds and is left as it is${cause}; mend the spec, which gives it all its rebuilds again, or delete the pod, for one more try`,
  );
}

/** Forgets the failures of a pod that has been well for an hour. */
export function healStep(nowMs: number, pod: PodView, entry: RebuildEntry | undefined): Rebuild {
  if (entry === undefined && !isDeadLetter(pod)) return {};
  const wellSinceMs = laterMs(readySinceMs(pod), parseTimeMs(entry?.lastDeleted)) ?? nowMs;
  const remainingMs = wellSinceMs + healthyMs - nowMs;
  if (remainingMs > 0) return { requeueAfterMs: remainingMs };
  return {
    ...(entry !== undefined && { entry: null }),
    ...(isDeadLetter(pod) && { deadLetter: false }),
  };
}

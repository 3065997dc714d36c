import { hibernateSnapshotTag } from "@cocoonstack/common/meta";
import {
  blocked,
  hibernateDeadlineMs,
  ownerAnnotations,
  parseTimeMs,
  pollMs,
  type TagFacts,
} from "../model/index.js";
import { recordOf, type SnapshotRecord, withDigest } from "./records.js";
import type { Step } from "./step.js";
import { answerOf } from "./tag-answer.js";

/** A VM that has a record, or may have a snapshot that nobody recorded, and no pod. */
export interface Vanished {
  readonly nowMs: number;
  readonly vmName: string;
  readonly podName: string;
  /** Undefined where nothing but its set's last status says that it may have slept. */
  readonly record: SnapshotRecord | undefined;
  readonly tags: TagFacts;
  /** Whether somebody gave the snapshot up. */
  readonly startsFresh: boolean;
}

/** How a VM that has no pod any more comes back: from its snapshot, from its image, or not before something else is done. */
export type Restore =
  { readonly from: "snapshot" | "image" } | { readonly from: undefined; readonly step: Step };

const notBefore = (step: Step): Restore => ({ from: undefined, step });

/**
 * How a VM that has no pod any more comes back. Wherever a snapshot is or may be, it comes from there and is never started
 * fresh over it; and where one should be and is not, somebody has to say that it is given up.
 */
export function restoreOf(vanished: Vanished): Restore {
  const { vmName, tags, record, nowMs } = vanished;
  const answer = answerOf(tags, { vmName, tag: hibernateSnapshotTag });
  if (answer.fact === undefined) return notBefore(withMemory(vanished, answer.step));
  if (answer.fact.state === "absent") return withoutSnapshot(vanished);
  const { digest } = answer.fact;
  const isRecorded = record?.state === "waking" && record.digest === digest;
  return isRecorded
    ? { from: "snapshot" }
    : notBefore({ record: recordOf("waking", nowMs, withDigest(record ?? {}, digest)) });
}

/**
 * That the VM may have slept is known by a status, which is about to say something else. While the registry does not answer, a record keeps it:
 * else the VM would be started fresh once the status has forgotten.
 */
const withMemory = ({ record, nowMs }: Vanished, step: Step): Step =>
  record === undefined && step.asks === undefined ? { ...step, record: recordOf("saving", nowMs) } : step;

function withoutSnapshot({ record, nowMs, vmName, podName, startsFresh }: Vanished): Restore {
  if (record === undefined) return { from: "image" };
  // Its pod was deleted while the VM ran, after the snapshot was collected: as if it had never slept.
  if (record.state === "collecting" || startsFresh) return notBefore({ record: null });
  if (record.digest === undefined) {
    // Asked to sleep, and gone before the snapshot was seen: the push may still be under way.
    const isOver = (parseTimeMs(record.since) ?? 0) + hibernateDeadlineMs <= nowMs;
    return notBefore(isOver ? { record: null } : { requeueAfterMs: pollMs });
  }
  const message = `pod ${podName} is not created, because its VM slept in ${vmName}:${hibernateSnapshotTag} (${record.digest}), which is gone from the registry: push it again, or give its state up with the annotation ${ownerAnnotations.startFresh}=${podName}`;
  return notBefore({ troubles: [blocked("SnapshotMissing", message)], requeueAfterMs: pollMs });
}

import { readHibernateState } from "@cocoonstack/common/meta";
import type { PodView, TagFacts } from "../model/index.js";
import { isManaged, isTerminating } from "../pods/index.js";
import { noteLatest } from "./latest.js";
import { recordOf, type SnapshotRecord } from "./records.js";
import type { Step } from "./step.js";

/** A VM that somebody may have put to sleep before this operator knew of it. */
export interface Unrecorded {
  readonly nowMs: number;
  readonly vmName: string;
  readonly pod: PodView;
  readonly record: SnapshotRecord | undefined;
  readonly tags: TagFacts;
}

/**
 * Writes down that another operator asked a VM to sleep before this one knew of it; undefined where there is nothing to write down. Once
 * the pod is gone, nothing else tells of its snapshot.
 */
export function unrecordedOrder(unrecorded: Unrecorded): Step | undefined {
  const { nowMs, pod, record } = unrecorded;
  if (record !== undefined || !isManaged(pod) || !readHibernateState(pod)) return undefined;
  // It may be gone before a registry has answered.
  if (isTerminating(pod)) return { record: recordOf("saving", nowMs) };
  return noteLatest(unrecorded, (known) => ({ record: recordOf("saving", nowMs, known) }));
}

import { readHibernateState } from "@cocoonstack/common/meta";
import type { PodView } from "../model/index.js";
import { isManaged } from "../pods/index.js";
import { recordOf, type SnapshotRecord } from "./records.js";
import type { Step } from "./step.js";

/**
 * Writes down that another operator asked a VM to sleep before this one knew of it; undefined where there is nothing to write down. Once
 * the pod is gone, nothing else tells of its snapshot.
 */
export const unrecordedOrder = (
  nowMs: number,
  pod: PodView,
  record: SnapshotRecord | undefined,
): Step | undefined =>
  record === undefined && isManaged(pod) && readHibernateState(pod)
    ? { record: recordOf("saving", nowMs) }
    : undefined;

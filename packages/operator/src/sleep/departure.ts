import {
  hibernateSnapshotTag,
  isContainerRunning,
  readHibernateState,
  specAnnotations,
} from "@cocoonstack/common/meta";
import { degraded, parseTimeMs, type PodView, type Proof, stuckDeletionMs } from "../model/index.js";
import { annotationOf, failureOf, isAlive, isManaged, isTerminating, versionOf } from "../pods/index.js";
import { collectStep } from "./collect-step.js";
import { isLatest, keepSnapshot } from "./keep-snapshot.js";
import type { Leaver } from "./leaver.js";
import { recordOf, type SnapshotRecord } from "./records.js";
import { sleepStep } from "./sleep-step.js";
import { done, type Step } from "./step.js";
import { answerOf } from "./tag-answer.js";
import { unrecordedOrder } from "./unrecorded.js";

/**
 * The next step of a VM that leaves: what its snapshot policy wants kept is kept first, then the pod goes, then the tags.
 * A name that a stranger holds is left to the stranger, with its tags: a pod that was orphaned keeps its VM.
 */
export function departureStep(leaver: Leaver): Step {
  const { holder, isOwn } = leaver;
  if (holder === undefined) return collectStep(leaver);
  if (!isOwn) return done;
  return isTerminating(holder) ? terminatingStep(leaver, holder) : deleteStep(leaver, holder);
}

function terminatingStep(leaver: Leaver, holder: PodView): Step {
  const { nowMs, namespace } = leaver;
  const order = unrecordedOrder({ ...leaver, pod: holder });
  if (order !== undefined) return order;
  const remainingMs = (parseTimeMs(holder.metadata.deletionTimestamp) ?? nowMs) + stuckDeletionMs - nowMs;
  return remainingMs > 0 ? { requeueAfterMs: remainingMs } : { troubles: [stuck(namespace, holder)] };
}

/** A pod that should have gone long ago. */
export function stuck(namespace: string, { metadata, spec }: PodView): ReturnType<typeof degraded> {
  const { name } = metadata;
  const nodeName = spec?.nodeName ?? "";
  const since = `pod ${name} has been terminating since ${metadata.deletionTimestamp ?? ""}`;
  return degraded(
    "DeletionStuck",
    nodeName === ""
      ? `${since}, and is on no node that could hold it: look at its finalizers`
      : `${since}, and node ${nodeName} has not released it: look at the node agent there; kubectl delete pod ${name} --namespace ${namespace} --force gives the VM's state up`,
  );
}

function deleteStep(leaver: Leaver, pod: PodView): Step {
  const { record, policy, isKept, isForced } = leaver;
  if (isManaged(pod) && annotationOf(pod, specAnnotations.snapshotPolicy) !== policy) {
    return { pod: { [specAnnotations.snapshotPolicy]: policy } };
  }
  const isAwake = record === undefined && !readHibernateState(pod);
  if (isAwake || !isKept || isForced) return remove(leaver, pod);
  return keepStep(leaver, pod);
}

/** By the set as it stands: what it asked for a moment ago may not be what it asks for now. */
const remove = ({ owner }: Leaver, pod: PodView, ...proofs: readonly Proof[]): Step => ({
  actions: [{ kind: "delete-pod", ...versionOf(pod), provided: [owner, ...proofs] }],
});

/**
 * The node saves the VM of a pod that goes as `latest` only where the VM runs. Of one that sleeps, the snapshot is given that
 * tag first; one that is on its way arrives first.
 */
function keepStep(leaver: Leaver, pod: PodView): Step {
  const { record } = leaver;
  switch (record?.state) {
    case undefined:
    case "saving":
      return withoutEnd(sleepStep({ ...leaver, pod, desire: "asleep" }));
    case "saved":
      return keepThenRemove(leaver, pod, record);
    case "waking":
      return wakingStep(leaver, pod, record);
    case "collecting":
      return isAlive(pod) ? remove(leaver, pod) : keepLeftOver(leaver, pod, record);
  }
}

function wakingStep(leaver: Leaver, pod: PodView, record: SnapshotRecord): Step {
  if (!isAlive(pod) && record.digest !== undefined) return keepThenRemove(leaver, pod, record);
  // It failed when it was to be saved, and may live on: if so, its node saves it as the pod goes.
  return !isAlive(pod) && failureOf(pod) !== undefined
    ? keepLeftOver(leaver, pod, record)
    : withoutEnd(sleepStep({ ...leaver, pod, desire: "awake" }));
}

/** The snapshot of a VM that does not run; without one, what its node saves is all there is to keep. */
function keepLeftOver(leaver: Leaver, pod: PodView, record: SnapshotRecord): Step {
  if (readHibernateState(pod)) return withoutEnd(sleepStep({ ...leaver, pod, desire: "asleep" }));
  const answer = answerOf(leaver.tags, { vmName: leaver.vmName, tag: hibernateSnapshotTag });
  if (answer.fact === undefined) return answer.step;
  return answer.fact.state === "absent" ? remove(leaver, pod) : keepThenRemove(leaver, pod, record);
}

/**
 * A VM that runs has gone on from its snapshot, also before its node calls it ready: what the node saves of it as the pod goes comes after
 * the snapshot, which from then on is left over.
 */
const keepThenRemove = (leaver: Leaver, pod: PodView, record: SnapshotRecord): Step =>
  keepSnapshot(leaver, record, () =>
    isContainerRunning(pod) && record.state !== "collecting"
      ? { record: recordOf("collecting", leaver.nowMs, record) }
      : remove(leaver, pod, isLatest(leaver, record.digest ?? "")),
  );

/** A step that ends the sleep does not end the departure. */
const withoutEnd = (step: Step): Step => ({ ...step, isDone: false });

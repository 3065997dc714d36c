import {
  hibernateSnapshotTag,
  readCocoonSetGeneration,
  readHibernateState,
  readLifecycleStatus,
  vmAnnotations,
} from "@cocoonstack/common/meta";
import {
  degraded,
  hibernateDeadlineMs,
  parseTimeMs,
  podAnnotations,
  pollMs,
  type PodView,
  type Proof,
  type TagFacts,
  wakeDeadlineMs,
} from "../model/index.js";
import { annotationOf, failureOf, isAlive, isSettled, saysHibernated, versionOf } from "../pods/index.js";
import type { Desire } from "./decider.js";
import { noteLatest } from "./latest.js";
import { recordOf, type SnapshotRecord, withDigest } from "./records.js";
import { done, type Step, waits } from "./step.js";
import { answerOf, refused } from "./tag-answer.js";
import { unrecordedOrder } from "./unrecorded.js";

/** One VM, as far as its sleep goes. */
export interface Sleeper {
  readonly nowMs: number;
  readonly vmName: string;
  readonly pod: PodView;
  readonly record: SnapshotRecord | undefined;
  readonly desire: Desire;
  readonly tags: TagFacts;
  /** The version of whoever keeps the record. */
  readonly owner: Proof;
}

/**
 * The next step of a VM towards its snapshot or back. It never turns round half-way: a VM that is on its way to sleep
 * arrives there first, and one that wakes runs first. That the snapshot is there, or that the VM runs, is proven before the
 * other of the two may go.
 */
export function sleepStep(sleeper: Sleeper): Step {
  switch (sleeper.record?.state) {
    case undefined:
      return unrecordedStep(sleeper);
    case "saving":
      return savingStep(sleeper, sleeper.record);
    case "saved":
      return savedStep(sleeper, sleeper.record);
    case "waking":
      return wakingStep(sleeper, sleeper.record);
    case "collecting":
      return collectingStep(sleeper, sleeper.record);
  }
}

const hibernate = (): Step => ({
  pod: { [vmAnnotations.hibernate]: "true", [podAnnotations.restoreFromHibernate]: null },
});

const wake = (): Step => ({ pod: { [vmAnnotations.hibernate]: null } });

function unrecordedStep(sleeper: Sleeper): Step {
  const { pod, desire, nowMs } = sleeper;
  // It is on its way, whatever is wanted now.
  const order = unrecordedOrder(sleeper);
  if (order !== undefined) return order;
  if (desire === "awake") return done;
  return isSettled(pod)
    ? noteLatest(sleeper, (known) => ({ record: recordOf("saving", nowMs, known) }))
    : waits;
}

function savingStep(sleeper: Sleeper, record: SnapshotRecord): Step {
  const { pod, desire, nowMs } = sleeper;
  if (!readHibernateState(pod)) {
    if (desire === "awake") return { record: recordOf("waking", nowMs, record) };
    return isSettled(pod) ? hibernate() : overdue(sleeper, record);
  }
  if (saysHibernated(pod)) return confirmSaved(sleeper);
  // Saving failed and the VM lives on, so there is nothing to wait for.
  const hasFailed = readLifecycleStatus(pod).state === "failed";
  return hasFailed && desire === "awake"
    ? { record: recordOf("waking", nowMs, record) }
    : overdue(sleeper, record);
}

function confirmSaved(sleeper: Sleeper): Step {
  const { vmName, tags, nowMs } = sleeper;
  const answer = answerOf(tags, { vmName, tag: hibernateSnapshotTag });
  if (answer.fact === undefined) return answer.step;
  if (answer.fact.state === "absent") return { requeueAfterMs: pollMs };
  const { digest } = answer.fact;
  return noteLatest(sleeper, (known) => ({ record: recordOf("saved", nowMs, { ...known, digest }) }));
}

function savedStep({ pod, desire, nowMs }: Sleeper, record: SnapshotRecord): Step {
  if (desire === "awake") return { record: recordOf("waking", nowMs, record) };
  // The order was undone, or the VM came back by itself: what it does from now on is not in the snapshot.
  const sleeps = readHibernateState(pod) && readLifecycleStatus(pod).state === "hibernated";
  return sleeps ? done : { record: recordOf("saving", nowMs, record) };
}

function wakingStep(sleeper: Sleeper, record: SnapshotRecord): Step {
  const { pod, desire, nowMs } = sleeper;
  if (readHibernateState(pod)) return wake();
  if (isAlive(pod)) {
    return { record: recordOf(desire === "awake" ? "collecting" : "saving", nowMs, record) };
  }
  const mayHaveNone = record.digest === undefined && failureOf(pod) !== undefined;
  return mayHaveNone ? lookForSnapshot(sleeper, record) : overdue(sleeper, record);
}

/** The VM was to be saved, was not seen to be, and failed: there may be a snapshot of it, or it may live on. */
function lookForSnapshot(sleeper: Sleeper, record: SnapshotRecord): Step {
  const { vmName, tags, nowMs } = sleeper;
  const answer = answerOf(tags, { vmName, tag: hibernateSnapshotTag });
  if (answer.fact === undefined) return answer.step;
  if (answer.fact.state === "absent") return unsaved(sleeper, record);
  return { record: recordOf("waking", nowMs, withDigest(record, answer.fact.digest)) };
}

/**
 * A VM that ran when it was told to sleep, of which there is no snapshot: where saving failed, it runs on, and is all there is of its
 * state. So it is not rebuilt as one that never came up would be.
 */
function unsaved({ nowMs, pod }: Sleeper, { since }: SnapshotRecord): Step {
  const remainingMs = (parseTimeMs(since) ?? 0) + wakeDeadlineMs - nowMs;
  if (remainingMs > 0) return { requeueAfterMs: remainingMs, isDone: true };
  const { name } = pod.metadata;
  const message = `pod ${name} failed while it was put to sleep, and has not recovered since ${since}; its VM may still run, and is in no snapshot, so it is not rebuilt: look at its node, or delete the pod to give that state up`;
  return {
    requeueAfterMs: hibernateDeadlineMs,
    troubles: [degraded("TransitionOverdue", message)],
    isDone: true,
  };
}

function collectingStep(sleeper: Sleeper, record: SnapshotRecord): Step {
  const { pod, desire, vmName, tags, nowMs } = sleeper;
  if (desire === "asleep" || readHibernateState(pod)) {
    return { record: recordOf("saving", nowMs, record) };
  }
  // Without its snapshot, a VM that has to start again must not look for it.
  if (annotationOf(pod, podAnnotations.restoreFromHibernate) !== "") {
    return { pod: { [podAnnotations.restoreFromHibernate]: null } };
  }
  const answer = answerOf(tags, { vmName, tag: hibernateSnapshotTag });
  if (answer.fact === undefined) return answer.step;
  if (answer.fact.state === "absent") return forget(sleeper, record);
  const { digest, refusal } = answer.fact;
  // Only what was recorded goes: the record says which snapshot is the one that is left over.
  if (digest !== record.digest) return { record: recordOf("collecting", nowMs, withDigest(record, digest)) };
  if (!isAlive(pod)) return waits;
  const provided = [sleeper.owner, { kind: "pod-unchanged", ...versionOf(pod) } as const];
  return {
    actions: [{ kind: "delete-tag", vmName, tag: hibernateSnapshotTag, digest, provided }],
    ...(refusal !== undefined && refused({ vmName, tag: hibernateSnapshotTag }, refusal)),
  };
}

/**
 * Drops the record once nothing is left to collect. Where no snapshot was ever seen, a push may still be under way that was
 * asked for and then called off; the record outlives it, so that whoever deletes the pod meanwhile finds its state again.
 */
function forget({ nowMs }: Sleeper, { digest, since }: SnapshotRecord): Step {
  const lingersForMs = (parseTimeMs(since) ?? 0) + hibernateDeadlineMs - nowMs;
  return digest !== undefined || lingersForMs <= 0
    ? { record: null }
    : { requeueAfterMs: lingersForMs, isDone: true };
}

/** Waits for the node, and says so once it takes longer than it should. */
function overdue({ pod, nowMs }: Sleeper, { state, since }: SnapshotRecord): Step {
  const [deadlineMs, what] =
    state === "saving" ? [hibernateDeadlineMs, "hibernate"] : [wakeDeadlineMs, "wake"];
  const remainingMs = (parseTimeMs(since) ?? 0) + deadlineMs - nowMs;
  if (remainingMs > 0) return { requeueAfterMs: remainingMs };
  const { state: said, observedGeneration, message } = readLifecycleStatus(pod);
  const answer =
    said === ""
      ? "its node reports no lifecycle state: it needs a node agent that does"
      : `its node answered "${said}"${message === "" ? "" : ` (${message})`} to order ${observedGeneration}; the last order is ${readCocoonSetGeneration(pod)}: look at its agent`;
  return {
    troubles: [
      degraded(
        "TransitionOverdue",
        `pod ${pod.metadata.name} was told to ${what} at ${since}, and ${answer}`,
      ),
    ],
  };
}

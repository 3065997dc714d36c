import {
  defaultSnapshotTag,
  hibernateSnapshotTag,
  isContainerRunning,
  readHibernateState,
  specAnnotations,
} from "@cocoonstack/common/meta";
import {
  blocked,
  degraded,
  ownerAnnotations,
  parseTimeMs,
  type PodView,
  pollMs,
  type Proof,
  type SnapshotTag,
  stuckDeletionMs,
} from "../model/index.js";
import { annotationOf, failureOf, isAlive, isManaged, isTerminating, versionOf } from "../pods/index.js";
import { newestOf } from "./newest.js";
import { recordOf, type SnapshotRecord, withDigest } from "./records.js";
import { type Sleeper, sleepStep } from "./sleep-step.js";
import { done, type Step } from "./step.js";
import { answerOf, refused } from "./tag-answer.js";
import { unrecordedOrder } from "./unrecorded.js";

/** A VM that leaves: its slot or toolbox, or its whole set, is not wanted any more. */
export interface Leaver extends Omit<Sleeper, "pod" | "desire"> {
  readonly namespace: string;
  readonly podName: string;
  /** Whoever holds the pod's name, also a stranger and one that is about to go. */
  readonly holder: PodView | undefined;
  /** Whether that is a pod of the set. */
  readonly isOwn: boolean;
  /** The snapshot policy that the pod should carry, for the node to act by when it goes. */
  readonly policy: string;
  /** Whether the VM's state stays behind as `latest`. */
  readonly isKept: boolean;
  /** Whether somebody said that it shall go even if its state cannot be kept, or its tags stay behind. */
  readonly isForced: boolean;
}

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

const isLatest = ({ vmName }: Leaver, digest: string): Proof => ({
  kind: "tag-is",
  vmName,
  tag: defaultSnapshotTag,
  digest,
});

/** Does `next` once the recorded snapshot bears the tag `latest`. */
function keepSnapshot(leaver: Leaver, record: SnapshotRecord, next: () => Step): Step {
  const { vmName, tags, nowMs } = leaver;
  const latest = answerOf(tags, { vmName, tag: defaultSnapshotTag });
  if (latest.fact === undefined) return latest.step;
  if (latest.fact.state === "present" && latest.fact.digest === record.digest) return next();
  const answer = answerOf(tags, { vmName, tag: hibernateSnapshotTag });
  if (answer.fact === undefined) return answer.step;
  if (answer.fact.state === "absent") return notKept(leaver);
  const { digest } = answer.fact;
  if (digest !== record.digest) return { record: recordOf(record.state, nowMs, withDigest(record, digest)) };
  return { actions: [{ kind: "retag", vmName, digest, to: defaultSnapshotTag, provided: [leaver.owner] }] };
}

const notKept = ({ vmName, podName }: Leaver): Step => ({
  troubles: [
    blocked(
      "SnapshotNotKept",
      `the state of ${podName} cannot be kept as its snapshot policy wants, because ${vmName}:${hibernateSnapshotTag}, in which it slept, is gone from the registry: push it again, or let it go with the annotation ${ownerAnnotations.forceCleanup}=true`,
    ),
  ],
  requeueAfterMs: pollMs,
});

/** The pod is gone. */
function collectStep(leaver: Leaver): Step {
  const { record, isKept, isForced, nowMs } = leaver;
  if (isForced || record === undefined || record.state === "collecting") return collectTags(leaver);
  // That the snapshot is given up is written down first: a policy that changes meanwhile does not ask for what has gone.
  if (!isKept) return { record: recordOf("collecting", nowMs, record) };
  return record.state === "saved"
    ? keepSnapshot(leaver, record, () => collectTags(leaver))
    : keepNewest(leaver, record);
}

/** The pod went while its VM was on its way to sleep, or back: what is kept is what was saved last. */
function keepNewest(leaver: Leaver, record: SnapshotRecord): Step {
  const { vmName, tags, nowMs } = leaver;
  const hibernate = answerOf(tags, { vmName, tag: hibernateSnapshotTag });
  if (hibernate.fact === undefined) return hibernate.step;
  const latest = answerOf(tags, { vmName, tag: defaultSnapshotTag });
  if (latest.fact === undefined) return latest.step;
  const newest = newestOf(record, { hibernate: digestOf(hibernate.fact), latest: digestOf(latest.fact) });
  switch (newest.in) {
    case "hibernate":
      return { record: recordOf("saved", nowMs, { ...record, digest: newest.digest }) };
    case "latest":
      return { record: recordOf("collecting", nowMs, record) };
    case "nothing":
      return notKept(leaver);
    case "either":
      return inDoubt(leaver);
  }
}

const digestOf = (fact: { readonly state: string; readonly digest?: string }): string | undefined =>
  fact.digest;

const inDoubt = ({ vmName, podName }: Leaver): Step => ({
  troubles: [
    blocked(
      "SnapshotNotKept",
      `the state of ${podName} is in ${vmName}:${hibernateSnapshotTag} or in ${vmName}:${defaultSnapshotTag}, which differ, and nobody saw which of them is newer: delete the older one from the registry, and the other is kept`,
    ),
  ],
  requeueAfterMs: pollMs,
});

function collectTags(leaver: Leaver): Step {
  const wanted: readonly SnapshotTag[] = leaver.isKept
    ? [hibernateSnapshotTag]
    : [hibernateSnapshotTag, defaultSnapshotTag];
  const steps = wanted.map((tag) => collectTag(leaver, tag));
  return {
    asks: steps.flatMap(({ asks = [] }) => asks),
    actions: steps.flatMap(({ actions = [] }) => actions),
    troubles: steps.flatMap(({ troubles = [] }) => troubles),
    ...earliest(steps),
    isDone: steps.every(({ isDone }) => isDone === true),
  };
}

function earliest(steps: readonly Step[]): Pick<Step, "requeueAfterMs"> {
  const delays = steps.flatMap(({ requeueAfterMs }) => requeueAfterMs ?? []);
  return delays.length === 0 ? {} : { requeueAfterMs: Math.min(...delays) };
}

function collectTag(leaver: Leaver, tag: SnapshotTag): Step {
  const { vmName, podName, tags, isForced } = leaver;
  const answer = answerOf(tags, { vmName, tag });
  // Forced: what the registry does not do now stays behind.
  if (answer.fact === undefined) return isForced && answer.step.asks === undefined ? done : answer.step;
  if (answer.fact.state === "absent") return done;
  const { digest, refusal, failure } = answer.fact;
  if (isForced && (refusal ?? failure) !== undefined) return done;
  return {
    actions: [{ kind: "delete-tag", vmName, tag, digest, provided: proofsFor(leaver, podName, tag) }],
    ...(refusal !== undefined && refused({ vmName, tag }, refusal)),
  };
}

function proofsFor(leaver: Leaver, podName: string, tag: SnapshotTag): readonly Proof[] {
  const { owner, isKept, isForced, record } = leaver;
  const gone: readonly Proof[] = [owner, { kind: "pod-absent", name: podName }];
  const isOnlyCopy =
    tag === hibernateSnapshotTag &&
    isKept &&
    !isForced &&
    record?.state !== "collecting" &&
    record?.digest !== undefined;
  return isOnlyCopy ? [...gone, isLatest(leaver, record.digest ?? "")] : gone;
}

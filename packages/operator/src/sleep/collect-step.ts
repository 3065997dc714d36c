import { defaultSnapshotTag, hibernateSnapshotTag } from "@cocoonstack/common/meta";
import { blocked, pollMs, type Proof, type SnapshotTag } from "../model/index.js";
import { isLatest, keepSnapshot, notKept } from "./keep-snapshot.js";
import { noteLatest } from "./latest.js";
import type { Leaver } from "./leaver.js";
import { cameSince, newestOf } from "./newest.js";
import { recordOf, type SnapshotRecord } from "./records.js";
import { done, type Step } from "./step.js";
import { answerOf, refused } from "./tag-answer.js";

/** The next step of a VM whose pod is gone: what its snapshot policy wants kept is kept, and the tags go. */
export function collectStep(leaver: Leaver): Step {
  const { record, isKept, isForced, nowMs } = leaver;
  if (isForced || record === undefined || record.state === "collecting") return collectTags(leaver);
  // That the snapshot is given up is written down first: a policy that changes meanwhile does not ask for what has gone.
  if (!isKept) return { record: recordOf("collecting", nowMs, record) };
  return record.state === "saved" ? keepSaved(leaver, record) : keepNewest(leaver, record);
}

/** The pod went while its VM slept. A `latest` that came since then is the VM's own only if it woke and nobody saw it. */
function keepSaved(leaver: Leaver, record: SnapshotRecord): Step {
  const { vmName, tags, nowMs } = leaver;
  const latest = answerOf(tags, { vmName, tag: defaultSnapshotTag });
  if (latest.fact === undefined) return latest.step;
  if (!cameSince(record, digestOf(latest.fact)))
    return keepSnapshot(leaver, record, () => collectTags(leaver));
  const hibernate = answerOf(tags, { vmName, tag: hibernateSnapshotTag });
  if (hibernate.fact === undefined) return hibernate.step;
  // Whoever was asked has answered.
  return hibernate.fact.state === "absent"
    ? { record: recordOf("collecting", nowMs, record) }
    : inDoubt(leaver);
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
      // Of what there is as `latest` now it is known that it is older.
      return noteLatest(leaver, (known) => ({
        record: recordOf("saved", nowMs, { ...known, digest: newest.digest }),
      }));
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

import { defaultSnapshotTag, hibernateSnapshotTag } from "@cocoonstack/common/meta";
import { blocked, ownerAnnotations, pollMs, type Proof } from "../model/index.js";
import type { Leaver } from "./leaver.js";
import { recordOf, type SnapshotRecord, withDigest } from "./records.js";
import type { Step } from "./step.js";
import { answerOf } from "./tag-answer.js";

/** That a digest is what stays behind. */
export const isLatest = ({ vmName }: Leaver, digest: string): Proof => ({
  kind: "tag-is",
  vmName,
  tag: defaultSnapshotTag,
  digest,
});

/** Does `next` once the recorded snapshot bears the tag `latest`. */
export function keepSnapshot(leaver: Leaver, record: SnapshotRecord, next: () => Step): Step {
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

export const notKept = ({ vmName, podName }: Leaver): Step => ({
  troubles: [
    blocked(
      "SnapshotNotKept",
      `the state of ${podName} cannot be kept as its snapshot policy wants, because ${vmName}:${hibernateSnapshotTag}, in which it slept, is gone from the registry: push it again, or let it go with the annotation ${ownerAnnotations.forceCleanup}=true`,
    ),
  ],
  requeueAfterMs: pollMs,
});

import { roleMain } from "@cocoonstack/common/meta";
import { isSuspended, podAnnotations, type PodView } from "../model/index.js";
import type { PodFailure } from "../pods/index.js";
import type { Context } from "./context.js";
import type { Draft } from "./draft.js";
import { deadLetterStep, healStep, isDeadLetter, type Rebuild, rebuildStep, unsavedStep } from "./rebuild.js";
import type { RebuildEntry } from "./rebuild-history.js";
import { hasFailed, type MemberReport } from "./report.js";
import type { Reports } from "./reports.js";

/** Rebuilds failed sub-agents and toolboxes, and forgets the failures of those that are well again. */
export function mendAll(
  context: Context,
  draft: Draft,
  reports: Reports,
  replaced: ReadonlySet<MemberReport>,
): void {
  for (const report of [...reports.subAgents, ...reports.toolboxes]) {
    if (report.pod !== undefined && !replaced.has(report)) mend(context, draft, report, report.pod);
  }
}

function mend(context: Context, draft: Draft, report: MemberReport, pod: PodView): void {
  const { member } = report;
  const entry = context.history.get(member.slot);
  if (hasFailed(report)) {
    apply(draft, report, pod, failedStep(context, report, pod, entry));
  } else if (report.state === "ready") {
    apply(draft, report, pod, healStep(context.nowMs, pod, entry));
  }
}

function failedStep(
  { nowMs, set }: Context,
  { member, failure }: MemberReport,
  pod: PodView,
  entry: RebuildEntry | undefined,
): Rebuild {
  if (failure === undefined) return deadLetterStep(member, pod);
  // A suspended set is not rebuilt: it would come up to be put to sleep.
  return isSuspended(set) && !isDeadLetter(pod)
    ? unsavedStep(member, pod, failure)
    : rebuildStep(nowMs, member, pod, failure, entry);
}

function apply(draft: Draft, { member, isBusy }: MemberReport, pod: PodView, rebuild: Rebuild): void {
  const { entry, isDue, deadLetter, event, trouble, requeueAfterMs } = rebuild;
  draft.requeue(requeueAfterMs);
  if (trouble !== undefined) draft.trouble(trouble);
  if (isBusy) return;
  if (entry !== undefined) draft.entry(member.slot, entry);
  if (isDue === true) draft.deletePod(pod);
  if (deadLetter !== undefined) {
    draft.patchPod(pod, { [podAnnotations.deadLetter]: deadLetter ? "true" : null });
  }
  if (event !== undefined) draft.event({ pod: pod.metadata.name }, event);
}

/** How the main agent failed, which is never rebuilt by itself: its state is what the whole set is forked from. */
export function mainFailure({ main }: Reports): PodFailure | undefined {
  return main.member.role === roleMain && main.state === "failed" ? main.failure : undefined;
}

import { roleToolbox } from "@cocoonstack/common/meta";
import { isSuspended } from "../model/index.js";
import type { Context } from "./context.js";
import type { Draft } from "./draft.js";
import { hasFailed, isInSleep, type MemberReport } from "./report.js";
import type { Reports } from "./reports.js";

/** Whether a VM does not stand in the way of replacing another: it serves, or nobody waits for it. */
const isOutOfTheWay = (report: MemberReport): boolean =>
  report.state === "ready" || report.state === "blocked" || isInSleep(report);

/**
 * Replaces what is made of another template. What has failed goes at once: it has nothing to lose. Of the others, the main
 * agent is first, and once it is ready the rest follows one at a time, sub-agents by slot and then toolboxes, each only while
 * all others serve: a template that does not come up stops the row.
 */
export function replaceStale(context: Context, draft: Draft, reports: Reports): ReadonlySet<MemberReport> {
  if (isSuspended(context.set)) return new Set();
  const { main } = reports;
  const others = [...reports.subAgents, ...reports.toolboxes];
  const due = [main, ...others].filter((report) => report.isStale && hasFailed(report));
  if (due.length === 0) due.push(...nextInRow(main, others));
  for (const report of due) remove(context, draft, report);
  return new Set(due);
}

function nextInRow(main: MemberReport, others: readonly MemberReport[]): readonly MemberReport[] {
  if (main.isStale) return [main];
  const next = others.find((report) => report.isStale && mayFollow(main, report));
  // One that is stale and does not serve is no reason to keep the others.
  const isClear = others.every((report) => report.isStale || isOutOfTheWay(report));
  return next !== undefined && isClear ? [next] : [];
}

/** A sub-agent can only be forked again from a main agent that runs; a toolbox does not need one that sleeps. */
const mayFollow = (main: MemberReport, { member }: MemberReport): boolean =>
  main.state === "ready" || (member.role === roleToolbox && isOutOfTheWay(main));

function remove(context: Context, draft: Draft, { pod, member, isBusy }: MemberReport): void {
  // Its settings, of which the snapshot policy is one, are brought up to date before it goes.
  if (pod === undefined || isBusy) return;
  draft.deletePod(pod);
  if (context.history.has(member.slot)) draft.entry(member.slot, null);
}

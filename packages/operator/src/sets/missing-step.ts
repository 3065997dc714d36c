import { blocked, parseTimeMs, type PodView, stuckDeletionMs } from "../model/index.js";
import { buildPod, isOwnPod, isTerminating, type Member, memberName } from "../pods/index.js";
import { deciderOf, restoreOf, stuck, unrecordedOrder } from "../sleep/index.js";
import type { Context } from "./context.js";
import type { Draft } from "./draft.js";
import { mayHaveSlept } from "./may-have-slept.js";
import { blockedReport, takenTrouble } from "./present-step.js";
import type { MemberReport, MemberState } from "./report.js";

/** What the creation of a pod depends on beyond its own VM. */
export interface CreationGate {
  /** Whether a VM may be started from its image now; one that comes from its snapshot may at any time. */
  readonly mayStart: boolean;
  /** The node of the VM that it is forked from. */
  readonly nodeName?: string | undefined;
}

/** What is to be done about a wanted VM that has no pod. */
export function missingStep(
  context: Context,
  draft: Draft,
  member: Member,
  gate: CreationGate,
): MemberReport {
  const decider = deciderOf(member.podName, context.set, context.hibernations);
  const report = (state: MemberState): MemberReport => ({ ...blockedReport(member), state, decider });
  const holder = context.pods.holders.get(member.podName);
  if (holder !== undefined) return report(heldNameState(context, draft, member, holder));
  const taken = takenTrouble(context, member);
  if (taken !== undefined) {
    draft.trouble(taken);
    return report("blocked");
  }
  // The tags of the VM that was here before go first.
  if (!context.leaving.has(member.vm.vmName)) create(context, draft, member, gate);
  return report("missing");
}

function heldNameState(context: Context, draft: Draft, member: Member, holder: PodView): MemberState {
  const { name, deletionTimestamp } = holder.metadata;
  if (isOwnPod(holder, context.set) && isTerminating(holder)) {
    const remainingMs = (parseTimeMs(deletionTimestamp) ?? context.nowMs) + stuckDeletionMs - context.nowMs;
    if (remainingMs > 0) draft.requeue(remainingMs);
    else draft.trouble(stuck(context.set.namespace, holder));
    const { nowMs, records, tags } = context;
    const { vmName } = member.vm;
    draft.take(
      vmName,
      unrecordedOrder({ nowMs, vmName, pod: holder, record: records?.get(vmName), tags }) ?? {},
    );
    return "leaving";
  }
  draft.trouble(
    blocked(
      "NameTaken",
      `the pod of ${memberName(member)} is not created, because another pod has its name, ${name}: delete that pod if nobody needs it, or choose another name for the set or toolbox`,
    ),
  );
  return "blocked";
}

function create(context: Context, draft: Draft, member: Member, gate: CreationGate): void {
  if (!member.vm.managed || !mayHaveSlept(context, { ...member, ...member.vm })) {
    if (gate.mayStart)
      draft.create(buildPod(context.set, member, { nodeName: gate.nodeName, fromSnapshot: false }));
    return;
  }
  const { nowMs, records, tags, startsFresh } = context;
  const { podName, vm } = member;
  const record = records?.get(vm.vmName);
  const restore = restoreOf({
    nowMs,
    vmName: vm.vmName,
    podName,
    record,
    tags,
    startsFresh: startsFresh.has(podName),
  });
  if (restore.from === undefined) {
    draft.take(vm.vmName, restore.step);
  } else if (restore.from === "snapshot") {
    // The snapshot can be fetched anywhere, so the scheduler chooses.
    draft.create(buildPod(context.set, member, { fromSnapshot: true }));
  } else if (gate.mayStart) {
    draft.create(buildPod(context.set, member, { nodeName: gate.nodeName, fromSnapshot: false }));
  }
}

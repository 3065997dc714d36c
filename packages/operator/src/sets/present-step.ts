import {
  readCocoonSetGeneration,
  readHibernateState,
  roleToolbox,
  specAnnotations,
  stampCocoonSetGeneration,
  vmAnnotations,
} from "@cocoonstack/common/meta";
import { type AnnotationChanges, blocked, degraded, type PodView, type Trouble } from "../model/index.js";
import { failureOf, isServing, type Member, memberName, settingChanges } from "../pods/index.js";
import type { Context } from "./context.js";
import type { Draft } from "./draft.js";
import { isDeadLetter } from "./rebuild.js";
import type { MemberReport, MemberState } from "./report.js";
import { type Sleep, sleepOf } from "./sleep-of.js";
import { templateStep } from "./template-step.js";

/** What is to be done in place about a wanted VM that has a pod: its settings, its stamp, its sleep. */
export function presentStep(context: Context, draft: Draft, member: Member, pod: PodView): MemberReport {
  const taken = takenTrouble(context, member);
  if (taken !== undefined) {
    draft.trouble(taken);
    return blockedReport(member, pod);
  }
  const sleep = sleepOf(context, pod);
  const template = templateStep(pod, member, sleep.holdsState);
  const inPlace = { ...settingChanges(pod, member), ...template.changes, ...sleep.step.pod };
  const changes = { ...inPlace, ...(template.isStale ? {} : stampChanges(context, sleep, pod, inPlace)) };
  draft.patchPod(pod, changes);
  draft.take(member.vm.vmName, sleep.step);
  if (template.trouble !== undefined) draft.trouble(template.trouble);
  if (context.leaving.has(member.vm.vmName)) draft.unleave(member.vm.vmName);
  if (context.startsFresh.has(pod.metadata.name)) draft.startedFresh(pod.metadata.name);
  const state = stateOf(pod, sleep);
  const failure = failureOf(pod);
  if (failure !== undefined && sleep.holdsState) {
    draft.trouble(degraded("PodLifecycleFailed", `pod ${pod.metadata.name}: ${failure.message}`));
  }
  return {
    member,
    state,
    pod,
    failure,
    decider: sleep.decider,
    isStale: template.isStale,
    isBusy: Object.keys(changes).length > 0 || sleep.record !== undefined,
  };
}

/** A pod whose role this version does not know hibernates and wakes with the rest. */
export function unknownStep(context: Context, draft: Draft, pod: PodView): Sleep {
  const sleep = sleepOf(context, pod);
  const changes = sleep.step.pod ?? {};
  draft.patchPod(pod, { ...changes, ...stampChanges(context, sleep, pod, changes) });
  draft.take(pod.metadata.annotations?.[vmAnnotations.name] ?? "", sleep.step);
  return sleep;
}

/**
 * The stamp of the set's generation, once the pod is asked for what that generation wants: a node that answered it before the
 * order would answer for what it has not heard of yet.
 */
function stampChanges(
  { set }: Context,
  { decider }: Sleep,
  pod: PodView,
  changes: AnnotationChanges,
): AnnotationChanges {
  const order = changes[vmAnnotations.hibernate];
  const isAsked = order === undefined ? readHibernateState(pod) : order === "true";
  const isCurrent = readCocoonSetGeneration(pod) === set.generation;
  if (isCurrent || isAsked !== (decider.desire === "asleep")) return {};
  const stamped = stampCocoonSetGeneration({}, set.generation);
  return { [specAnnotations.generation]: stamped[specAnnotations.generation] ?? null };
}

function stateOf(pod: PodView, { record, decider }: Sleep): MemberState {
  switch (record?.state) {
    case "saved":
      return "asleep";
    case "saving":
      return "falling-asleep";
    case "waking":
      return "waking";
    case "collecting":
    case undefined:
      return awakeState(pod, decider.desire === "asleep" || readHibernateState(pod));
  }
}

function awakeState(pod: PodView, isToSleep: boolean): MemberState {
  if (isDeadLetter(pod)) return isServing(pod) ? "ready" : "dead-letter";
  if (failureOf(pod) !== undefined) return "failed";
  if (isToSleep) return "falling-asleep";
  return isServing(pod) ? "ready" : "booting";
}

/** A VM whose name is another set's. */
export function takenTrouble({ takenVMNames, set }: Context, member: Member): Trouble | undefined {
  const { vm, podName } = member;
  const other = takenVMNames.get(vm.vmName);
  if (other === undefined) return undefined;
  const what = member.role === roleToolbox ? memberName(member) : `CocoonSet ${set.name}`;
  return blocked(
    "VMNameTaken",
    `pod ${podName} is left alone, because its VM would have the name ${vm.vmName}, as has one of CocoonSet ${other}, and they would share their snapshots: give ${what} another name`,
  );
}

/** What is known of a VM that cannot have its pod. */
export const blockedReport = (member: Member, pod?: PodView): MemberReport => ({
  member,
  state: "blocked",
  pod,
  failure: undefined,
  decider: { by: "nobody", desire: "awake" },
  isStale: false,
  isBusy: true,
});

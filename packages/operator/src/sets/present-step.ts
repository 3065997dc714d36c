import {
  readCocoonSetGeneration,
  readHibernateState,
  roleToolbox,
  specAnnotations,
  stampCocoonSetGeneration,
  vmAnnotations,
} from "@cocoonstack/common/meta";
import { type AnnotationChanges, blocked, degraded, type PodView, type Trouble } from "../model/index.js";
import {
  annotationOf,
  failureOf,
  isServing,
  type Member,
  memberName,
  namesOwnVM,
  type PodFailure,
  settingChanges,
} from "../pods/index.js";
import type { Context } from "./context.js";
import type { Draft } from "./draft.js";
import { isDeadLetter } from "./rebuild.js";
import type { MemberReport, MemberState } from "./report.js";
import { type Sleep, sleepOf } from "./sleep-of.js";
import { templateStep } from "./template-step.js";

/** What is to be done in place about a wanted VM that has a pod: its settings, its stamp, its sleep. */
export function presentStep(context: Context, draft: Draft, member: Member, pod: PodView): MemberReport {
  const trouble = takenTrouble(context, member) ?? foreignTrouble(context, member, pod);
  if (trouble !== undefined) {
    draft.trouble(trouble);
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
    isBusy: Object.keys(changes).length > 0 || isOnItsWay(sleep, failure),
  };
}

/** What is left of its sleep goes once the VM runs; one that has failed is brought back from it, so nothing waits for that. */
const isOnItsWay = ({ record }: Sleep, failure: PodFailure | undefined): boolean =>
  record !== undefined && (record.state !== "collecting" || failure === undefined);

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
  const owner = takenVMNames.get(vm.vmName);
  if (owner === undefined) return undefined;
  const what = member.role === roleToolbox ? memberName(member) : `CocoonSet ${set.name}`;
  const left = `pod ${podName} is left alone, because its VM would have the name ${vm.vmName}`;
  return blocked(
    "VMNameTaken",
    owner.doubt === undefined
      ? `${left}, as has one of CocoonSet ${owner.set}, and they would share their snapshots: give ${what} another name`
      : `${left}, and one of CocoonSet ${owner.set} may sleep under it, which nobody can tell (${owner.doubt}): mend that, or give ${what} another name`,
  );
}

/** A pod that says it is another VM. Somebody wrote that: the operator makes no such pod. */
function foreignTrouble({ set }: Context, { vm }: Member, pod: PodView): Trouble | undefined {
  const vmName = annotationOf(pod, vmAnnotations.name);
  if (vmName === "" || namesOwnVM(set.namespace, pod)) return undefined;
  return blocked(
    "VMNameForeign",
    `pod ${pod.metadata.name} is left alone, because its annotation ${vmAnnotations.name} names ${vmName}, and its VM is ${vm.vmName}: mend it, or delete the pod to have it made anew`,
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

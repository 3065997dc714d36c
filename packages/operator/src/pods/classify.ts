import {
  isOwnedByCocoonSet,
  labelCocoonSet,
  labelRole,
  labelSlot,
  roleMain,
  roleSubAgent,
  roleToolbox,
} from "@cocoonstack/common/meta";
import type { PodView, SetView } from "../model/index.js";
import { isTerminating, labelOf } from "./pod-state.js";

/** The pods of a namespace as one CocoonSet sees them. */
export interface ClassifiedPods {
  /** Its own, those about to go left out. */
  readonly main: PodView | undefined;
  readonly subAgents: ReadonlyMap<number, PodView>;
  readonly toolboxes: ReadonlyMap<string, PodView>;
  /** Its own, with a role or slot that this version does not know; they hibernate and wake with the rest. */
  readonly unknown: readonly PodView[];
  /** Every pod that was observed, by name: whoever owns it and whether it is about to go, it holds that name. */
  readonly holders: ReadonlyMap<string, PodView>;
}

/** Whether a pod belongs to a set: by its label, and by the UID of its controller. */
export function isOwnPod(pod: PodView, set: Pick<SetView, "name" | "uid">): boolean {
  const controller = pod.metadata.ownerReferences?.find((owner) => owner?.controller === true);
  return (
    labelOf(pod, labelCocoonSet) === set.name &&
    isOwnedByCocoonSet([controller]) &&
    controller?.uid === set.uid
  );
}

/** The slot in a label, as the operator writes it: digits, with no sign and no zero before them. */
function slotOf(pod: PodView): number | undefined {
  const text = labelOf(pod, labelSlot);
  return /^(0|[1-9][0-9]{0,9})$/.test(text) ? Number(text) : undefined;
}

/** Sorts the pods of a namespace by what they are to a set. */
export function classifyPods(pods: readonly PodView[], set: SetView): ClassifiedPods {
  let main: PodView | undefined;
  const subAgents = new Map<number, PodView>();
  const toolboxes = new Map<string, PodView>();
  const unknown: PodView[] = [];
  const own = pods.filter((pod) => isOwnPod(pod, set) && !isTerminating(pod));
  for (const pod of [...own].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))) {
    const [role, slot] = [labelOf(pod, labelRole), slotOf(pod)];
    if (role === roleMain && main === undefined) main = pod;
    else if (role === roleSubAgent && slot !== undefined) subAgents.set(slot, pod);
    else if (role === roleToolbox) toolboxes.set(labelOf(pod, labelSlot), pod);
    else unknown.push(pod);
  }
  const holders = new Map(pods.map((pod) => [pod.metadata.name, pod]));
  return { main, subAgents, toolboxes, unknown, holders };
}

import { mostCreatesPerPlan, replicasOf } from "../model/index.js";
import { agentMember, isVMNameOf, type Member, podNameOf, toolboxMember } from "../pods/index.js";
import type { Context } from "./context.js";

/** Whether a slot or the name of a toolbox stands in the spec. */
export function isWantedSlot({ set, names }: Context, slot: string): boolean {
  if (/^[0-9]+$/.test(slot)) return Number(slot) <= replicasOf(set);
  return names.spoken.has(slot);
}

/** The pod of a VM of this set, by the VM's name; the other way round than `vmNameForPod`. */
export const podNameOfVM = ({ set }: Context, vmName: string): string =>
  vmName.slice(`vk-${set.namespace}-`.length);

/** Whether a VM stands in the spec, by its name. */
export function isWantedVM(context: Context, vmName: string): boolean {
  if (!isVMNameOf(context.set, vmName)) return false;
  const prefix = podNameOf(context.set, "");
  return isWantedSlot(context, podNameOfVM(context, vmName).slice(prefix.length));
}

/**
 * The sub-agents that are wanted, by slot: all that have a pod, and the first of those that have none. A set can ask for more
 * slots than anybody would go through in each round.
 */
export function wantedSubAgents({ set, pods }: Context): readonly Member[] {
  const replicas = replicasOf(set);
  const slots = [...pods.subAgents.keys()].filter((slot) => slot >= 1 && slot <= replicas);
  const missing: number[] = [];
  for (let slot = 1; slot <= replicas && missing.length < mostCreatesPerPlan; slot++) {
    if (!pods.subAgents.has(slot)) missing.push(slot);
  }
  return [...slots, ...missing].sort((a, b) => a - b).map((slot) => agentMember(set, slot));
}

/** The toolboxes that are wanted, in the order of the spec. */
export const wantedToolboxes = ({ set, names }: Context): readonly Member[] =>
  names.toolboxes.map((toolbox) => toolboxMember(set, toolbox));

import type { CocoonSet, Decoded, ToolboxSpec } from "@cocoonstack/common/apis/v1";
import { vmNameForPod } from "@cocoonstack/common/meta";
import { itemsOf, readSet, replicasOf, type SetView } from "../model/index.js";
import { podNameOf } from "./member.js";

/** More slots than a cluster holds pods; a number beyond is a slip, and is not written out name by name. */
const mostSlots = 10_000;

/** The names of all VMs that a CocoonSet asks for. */
export const vmNamesOf = (object: Decoded<CocoonSet>): readonly string[] =>
  vmNamesIn(readSet(object), mostSlots);

/** The names of the VMs that a set asks for: its main agent's, those of so many sub-agents at most, and its toolboxes'. */
export function vmNamesIn(set: SetView, mostSubAgents: number): readonly string[] {
  const slots = Array.from({ length: 1 + Math.min(replicasOf(set), mostSubAgents) }, (_, slot) => slot);
  const toolboxes = itemsOf<Decoded<ToolboxSpec>>(set.spec.toolboxes).map(({ name }) => name ?? "");
  return [...slots, ...toolboxes].map((slot) => vmNameForPod(set.namespace, podNameOf(set, slot)));
}

/** Whether a VM of a set can have this name: all of them begin alike, whatever their slots and toolboxes are called. */
export const isVMNameOf = (set: Pick<SetView, "namespace" | "name">, vmName: string): boolean =>
  vmName.startsWith(vmNameForPod(set.namespace, podNameOf(set, "")));

/** A set, as far as the names of its VMs go. */
export interface Claimant {
  readonly set: Decoded<CocoonSet>;
  /** The names of the VMs of which it has anything: a pod, a snapshot, tags that are to go. */
  readonly held: ReadonlySet<string>;
  /**
   * Why it is not known of which other VMs it has something, as the end of a sentence: then it may be any of those whose names begin as
   * its own do. Undefined where it is known.
   */
  readonly doubt?: string | undefined;
}

/** The set that a VM's name is left to. */
export interface NameOwner {
  /** `namespace/name`. */
  readonly set: string;
  /** Why it is not known whether it has a VM of that name; undefined where it has, or was the first to ask for one. */
  readonly doubt?: string | undefined;
}

/** Which VM names are another set's, and whose; a map of all of them would never end where a set is in doubt. */
export type TakenVMNames = Pick<ReadonlyMap<string, NameOwner>, "get">;

/**
 * The VM names that are another set's. A hyphen may stand in both parts of `vk-NAMESPACE-NAME-SLOT`, so `c` in `a-b` and `b-c` in `a` are
 * one VM, and one repository, to everyone.
 *
 * A name is whose the VM is: neither an edit of an older set nor one that is created in the same second takes a VM away from a set that
 * has it. Where nobody is known to have it, it is left to a set that may: its snapshot could be all that there is of a VM. Of those that
 * nobody can have, a name is that of the set that was created first; among equals, who comes first by namespace and name.
 */
export function takenVMNames(claimant: Claimant, rivals: readonly Claimant[]): TakenVMNames {
  if (rivals.length === 0) return new Map();
  const all = [claimant, ...rivals]
    .sort(byAge)
    .map((one) => ({ ...one, asked: new Set(vmNamesOf(one.set)) }));
  return {
    get: (vmName) => {
      const known = all.find(({ held }) => held.has(vmName));
      const possible = known ?? all.find((one) => mayHave(one, vmName));
      const owner = possible ?? all.find(({ asked }) => asked.has(vmName));
      if (owner === undefined || owner.set === claimant.set) return undefined;
      return { set: nameOf(owner), doubt: known === undefined ? owner.doubt : undefined };
    },
  };
}

const mayHave = ({ set, doubt }: Claimant, vmName: string): boolean =>
  doubt !== undefined && isVMNameOf(readSet(set), vmName);

function nameOf({ set }: Pick<Claimant, "set">): string {
  const { namespace, name } = readSet(set);
  return `${namespace}/${name}`;
}

const ageKey = ({ set: { metadata } }: Claimant): string =>
  [metadata?.creationTimestamp ?? "", metadata?.namespace ?? "", metadata?.name ?? ""].join("\0");

const byAge = (a: Claimant, b: Claimant): number => (ageKey(a) < ageKey(b) ? -1 : 1);

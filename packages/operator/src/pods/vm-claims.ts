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

/** A set, as far as the names of its VMs go. */
export interface Claimant {
  readonly set: Decoded<CocoonSet>;
  /** The names of the VMs of which it has anything: a pod, a snapshot, tags that are to go. */
  readonly held: ReadonlySet<string>;
}

/**
 * The VM names of a set that are another one's, each with the `namespace/name` of that set. A hyphen may stand in both parts of
 * `vk-NAMESPACE-NAME-SLOT`, so `c` in `a-b` and `b-c` in `a` are one VM, and one repository, to everyone.
 *
 * A name is whose the VM is: neither an edit of an older set nor one that is created in the same second takes a VM away from a set that
 * has it. Of those that nobody has, a name is that of the set that was created first; among equals, who comes first by namespace and
 * name.
 */
export function takenVMNames(claimant: Claimant, rivals: readonly Claimant[]): ReadonlyMap<string, string> {
  if (rivals.length === 0) return new Map();
  const all = [claimant, ...rivals]
    .sort(byAge)
    .map(({ set, held }) => ({ set, held, asked: new Set(vmNamesOf(set)) }));
  const taken = new Map<string, string>();
  for (const vmName of new Set([...vmNamesOf(claimant.set), ...claimant.held])) {
    const owner = all.find(({ held }) => held.has(vmName)) ?? all.find(({ asked }) => asked.has(vmName));
    if (owner !== undefined && owner.set !== claimant.set) taken.set(vmName, nameOf(owner));
  }
  return taken;
}

function nameOf({ set }: Pick<Claimant, "set">): string {
  const { namespace, name } = readSet(set);
  return `${namespace}/${name}`;
}

const ageKey = ({ set: { metadata } }: Claimant): string =>
  [metadata?.creationTimestamp ?? "", metadata?.namespace ?? "", metadata?.name ?? ""].join("\0");

const byAge = (a: Claimant, b: Claimant): number => (ageKey(a) < ageKey(b) ? -1 : 1);

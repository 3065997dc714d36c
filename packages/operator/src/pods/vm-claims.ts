import type { CocoonSet, Decoded, ToolboxSpec } from "@cocoonstack/common/apis/v1";
import { vmNameForPod } from "@cocoonstack/common/meta";
import { itemsOf, readSet, replicasOf } from "../model/index.js";
import { podNameOf } from "./member.js";

/** More slots than a cluster holds pods; a number beyond is a slip, and is not written out name by name. */
const mostSlots = 10_000;

/** The names of all VMs that a CocoonSet asks for. */
export function vmNamesOf(object: Decoded<CocoonSet>): readonly string[] {
  const set = readSet(object);
  const slots = Array.from({ length: 1 + Math.min(replicasOf(set), mostSlots) }, (_, slot) => slot);
  const toolboxes = itemsOf<Decoded<ToolboxSpec>>(set.spec.toolboxes).map(({ name }) => name ?? "");
  return [...slots, ...toolboxes].map((slot) => vmNameForPod(set.namespace, podNameOf(set, slot)));
}

/**
 * The VM names of a set that another one was first to ask for, each with the `namespace/name` of that set. A hyphen may stand
 * in both parts of `vk-NAMESPACE-NAME-SLOT`, so `c` in `a-b` and `b-c` in `a` are one VM, and one repository, to everyone.
 *
 * First is who was created first; among equals, who comes first by namespace and name.
 */
export function takenVMNames(
  object: Decoded<CocoonSet>,
  others: readonly Decoded<CocoonSet>[],
): ReadonlyMap<string, string> {
  const own = new Set(vmNamesOf(object));
  const taken = new Map<string, string>();
  for (const other of [...others]
    .filter((rival) => isBefore(rival, object))
    .sort(byAge)
    .reverse()) {
    const { namespace, name } = readSet(other);
    for (const vmName of vmNamesOf(other)) if (own.has(vmName)) taken.set(vmName, `${namespace}/${name}`);
  }
  return taken;
}

const ageKey = ({ metadata }: Decoded<CocoonSet>): string =>
  [metadata?.creationTimestamp ?? "", metadata?.namespace ?? "", metadata?.name ?? ""].join("\0");

const isBefore = (a: Decoded<CocoonSet>, b: Decoded<CocoonSet>): boolean => ageKey(a) < ageKey(b);

const byAge = (a: Decoded<CocoonSet>, b: Decoded<CocoonSet>): number => (isBefore(a, b) ? -1 : 1);

import type { CocoonSet, Decoded } from "@cocoonstack/common/apis/v1";
import { vmNameForPod } from "@cocoonstack/common/meta";
import { itemsOf, type PodView, readSet } from "../model/index.js";
import { isOwnPod, isVMNameOf } from "../pods/index.js";
import { readLeaving, readRecords } from "../sleep/index.js";

/**
 * The names of the VMs of which a set has anything: a pod, a snapshot that may be all there is of it, tags that are to go. Its status counts
 * as well: of the time before there were records, nothing else tells of a VM that sleeps and whose pod is gone.
 */
export function heldVMNames(object: Decoded<CocoonSet>, pods: readonly PodView[]): ReadonlySet<string> {
  const set = readSet(object);
  const own = pods
    .filter((pod) => isOwnPod(pod, set))
    .map(({ metadata }) => vmNameForPod(set.namespace, metadata.name));
  const { annotations, status } = set;
  const said = [...itemsOf(status.agents), ...itemsOf(status.toolboxes)].map(({ vmName }) => vmName ?? "");
  const written = [...(readRecords(annotations)?.keys() ?? []), ...readLeaving(annotations)];
  // A copy of another set has that one's annotations, and none of its VMs.
  return new Set([...own, ...[...said, ...written].filter((vmName) => isVMNameOf(set, vmName))]);
}

import type { CocoonSet, Decoded } from "@cocoonstack/common/apis/v1";
import { vmNameForPod } from "@cocoonstack/common/meta";
import { type PodView, readSet } from "../model/index.js";
import { isOwnPod } from "../pods/index.js";
import { readLeaving, readRecords } from "../sleep/index.js";

/** The names of the VMs of which a set has anything: a pod, a snapshot that may be all there is of it, tags that are to go. */
export function heldVMNames(object: Decoded<CocoonSet>, pods: readonly PodView[]): ReadonlySet<string> {
  const set = readSet(object);
  const own = pods
    .filter((pod) => isOwnPod(pod, set))
    .map(({ metadata }) => vmNameForPod(set.namespace, metadata.name));
  const records = readRecords(set.annotations);
  return new Set([...own, ...(records?.keys() ?? []), ...readLeaving(set.annotations)]);
}

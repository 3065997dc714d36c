import type { CocoonSet, Decoded } from "@cocoonstack/common/apis/v1";
import { ownerAnnotations, type PodView, readSet } from "../model/index.js";
import type { Claimant } from "../pods/index.js";
import { readRecords } from "../sleep/index.js";
import { heldVMNames } from "./held-vm-names.js";

/**
 * A set, as far as the names of its VMs go.
 *
 * @param pods Those that bear the label of the set, or belong to it.
 * @param fault Why the set cannot be read as a whole; undefined where it can.
 */
export function claimantOf(
  object: Decoded<CocoonSet>,
  pods: readonly PodView[],
  fault: string | undefined,
): Claimant {
  const isReadable = readRecords(readSet(object).annotations) !== undefined;
  const doubt = isReadable ? undefined : `its annotation ${ownerAnnotations.snapshots} cannot be read`;
  return { set: object, held: heldVMNames(object, pods), doubt: fault ?? doubt };
}

import { extractSlotFromVMName } from "./slots.js";
import type { VMSpec } from "./vm-spec.js";

/**
 * Whether a VM is snapshotted: under `never` it is not, under `main-only` only the one in slot 0, else it is. The node
 * asks before it pushes a snapshot and the operator before it deletes one, so that they cannot differ.
 *
 * @example
 * ```ts
 * shouldSnapshotVM({ snapshotPolicy: "main-only", vmName: "vk-prod-demo-1" }); // false
 * ```
 */
export function shouldSnapshotVM(spec: Pick<VMSpec, "snapshotPolicy" | "vmName">): boolean {
  if (spec.snapshotPolicy === "never") return false;
  // The slot by the last hyphen, which takes the toolbox `x-0` for a main agent: changing it takes all components.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the contract is defined by it
  return spec.snapshotPolicy !== "main-only" || extractSlotFromVMName(spec.vmName) === 0;
}

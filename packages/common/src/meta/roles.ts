import { roleMain, roleSubAgent, roleToolbox } from "./keys.js";
import { extractSlotFromVMName } from "./slots.js";

/**
 * The role of a VM within its CocoonSet.
 *
 * @example
 * ```ts
 * const role: Role = inferRoleFromAgentSlot(1); // "sub-agent"
 * ```
 */
export type Role = typeof roleMain | typeof roleSubAgent | typeof roleToolbox;

/**
 * The role of a VM by its slot, as `extractAgentSlot` gives it: 0 is the main agent, more is a sub-agent, less a toolbox.
 *
 * @example
 * ```ts
 * inferRoleFromAgentSlot(0); // "main"
 * inferRoleFromAgentSlot(-1); // "toolbox"
 * ```
 */
export function inferRoleFromAgentSlot(slot: number): Role {
  if (slot === 0) return roleMain;
  return slot > 0 ? roleSubAgent : roleToolbox;
}

/**
 * The role of a VM by what follows the last `-` of its name: `main` for a 0, else `sub-agent`.
 *
 * @deprecated It never answers `toolbox`. Use {@link inferRoleFromAgentSlot} with `extractAgentSlot`.
 *
 * @example
 * ```ts
 * inferRoleFromVMName("vk-prod-demo-0"); // "main"
 * inferRoleFromVMName("vk-prod-demo-db"); // "sub-agent", although this is a toolbox
 * ```
 */
export const inferRoleFromVMName = (vmName: string): Role =>
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated for the same reason
  extractSlotFromVMName(vmName) === 0 ? roleMain : roleSubAgent;

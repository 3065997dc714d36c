import { parseGoInteger } from "./go-integer.js";
import { agentVMNamePrefix } from "./vm-names.js";

/**
 * The slot of an agent's VM, or −1 where the name is not that of an agent of this CocoonSet: it has to begin with the
 * agents' prefix, and the rest has to be an integer of 0 or more, without a `-`. So `vk-ns-cs-db-2` is the toolbox `db-2`
 * of `cs` and no agent.
 *
 * @example
 * ```ts
 * extractAgentSlot("prod", "demo", "vk-prod-demo-2"); // 2
 * extractAgentSlot("prod", "demo", "vk-prod-demo-db-2"); // -1
 * ```
 */
export function extractAgentSlot(namespace: string, cocoonSet: string, vmName: string): number {
  const prefix = agentVMNamePrefix(namespace, cocoonSet);
  const rest = vmName.startsWith(prefix) ? vmName.slice(prefix.length) : "";
  return rest.includes("-") ? -1 : (parseGoInteger(rest, 64) ?? -1);
}

/**
 * The integer after the last `-` of a VM's name, or −1 where there is none.
 *
 * @deprecated It takes the toolbox `db-2` for an agent in slot 2. Use {@link extractAgentSlot}, which knows the CocoonSet.
 *
 * @example
 * ```ts
 * extractSlotFromVMName("vk-prod-demo-2"); // 2
 * extractSlotFromVMName("vk-prod-demo-db-2"); // 2, although this is a toolbox
 * ```
 */
export function extractSlotFromVMName(vmName: string): number {
  const hyphen = vmName.lastIndexOf("-");
  return hyphen === -1 ? -1 : (parseGoInteger(vmName.slice(hyphen + 1), 64) ?? -1);
}

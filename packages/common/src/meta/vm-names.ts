/**
 * The name of the VM in a slot of a deployment or of a CocoonSet: `vk-NAMESPACE-NAME-SLOT`.
 *
 * @example
 * ```ts
 * vmNameForDeployment("prod", "demo", 2); // "vk-prod-demo-2"
 * ```
 */
export const vmNameForDeployment = (namespace: string, deployment: string, slot: number): string =>
  `vk-${namespace}-${deployment}-${slot}`;

/**
 * The name of the VM of a pod that has no slot, such as a toolbox: `vk-NAMESPACE-PODNAME`.
 *
 * @example
 * ```ts
 * vmNameForPod("prod", "demo-db"); // "vk-prod-demo-db"
 * ```
 */
export const vmNameForPod = (namespace: string, podName: string): string => `vk-${namespace}-${podName}`;

/**
 * What the names of all agents of a CocoonSet begin with. Those of its toolboxes begin with it too: `extractAgentSlot`
 * tells them apart.
 *
 * @example
 * ```ts
 * agentVMNamePrefix("prod", "demo"); // "vk-prod-demo-"
 * ```
 */
export const agentVMNamePrefix = (namespace: string, cocoonSet: string): string =>
  `vk-${namespace}-${cocoonSet}-`;

/**
 * The name of the main agent's VM, which is the one in slot 0; sub-agents are forked from it.
 *
 * @example
 * ```ts
 * mainAgentVMNameFor("prod", "demo"); // "vk-prod-demo-0"
 * ```
 */
export const mainAgentVMNameFor = (namespace: string, cocoonSet: string): string =>
  vmNameForDeployment(namespace, cocoonSet, 0);

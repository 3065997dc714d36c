/**
 * Every key, name and fixed value that Cocoon components share on Kubernetes objects. Components in other languages
 * read and write the same bytes, so nothing here may change without all of them.
 */

/**
 * API group of the Cocoon kinds.
 *
 * @example
 * ```ts
 * apiGroup; // "cocoonset.cocoonstack.io"
 * ```
 */
export const apiGroup = "cocoonset.cocoonstack.io";

/**
 * The served and stored version of {@link apiGroup}.
 *
 * @example
 * ```ts
 * const path = `/apis/${apiGroup}/${apiVersionName}/namespaces/shop/cocoonsets`;
 * ```
 */
export const apiVersionName = "v1";

/**
 * `apiVersion` of the Cocoon kinds: `cocoonset.cocoonstack.io/v1`.
 *
 * @example
 * ```ts
 * const isCocoonKind = object.apiVersion === apiVersion;
 * ```
 */
export const apiVersion = `${apiGroup}/${apiVersionName}`;

/**
 * Kind of the object that owns an agent, its sub-agents and its toolboxes.
 *
 * @example
 * ```ts
 * const owner = pod.metadata.ownerReferences?.find(({ kind }) => kind === kindCocoonSet);
 * ```
 */
export const kindCocoonSet = "CocoonSet";

/**
 * Kind of the object that suspends one VM or wakes it.
 *
 * @example
 * ```ts
 * const manifest = { apiVersion, kind: kindCocoonHibernation, metadata: { name: "demo-0" } };
 * ```
 */
export const kindCocoonHibernation = "CocoonHibernation";

/**
 * The toleration that makes a pod a VM: only virtual-kubelet nodes carry the taint. Only the key counts; operator,
 * value and effect do not.
 *
 * @example
 * ```ts
 * const toleration = { key: tolerationKey, operator: "Exists" };
 * ```
 */
export const tolerationKey = "virtual-kubelet.io/provider";

/**
 * Label on a pod: the name of its CocoonSet.
 *
 * @example
 * ```ts
 * const selector = `${labelCocoonSet}=demo`;
 * ```
 */
export const labelCocoonSet = `${apiGroup}/name`;
/**
 * Label on a pod: `main`, `sub-agent` or `toolbox`.
 *
 * @example
 * ```ts
 * const toolboxes = `${labelCocoonSet}=demo,${labelRole}=${roleToolbox}`;
 * ```
 */
export const labelRole = `${apiGroup}/role`;
/**
 * Label on a pod: the agent's slot, 0 for the main agent.
 *
 * @example
 * ```ts
 * const slot = Number(pod.metadata.labels?.[labelSlot] ?? 0);
 * ```
 */
export const labelSlot = `${apiGroup}/slot`;

/**
 * Node selector, label or annotation that names the node pool.
 *
 * @example
 * ```ts
 * const nodeSelector = { [nodePoolKey]: "gpu" };
 * ```
 */
export const nodePoolKey = "cocoonstack.io/pool";
/**
 * The node pool of a pod that names none.
 *
 * @example
 * ```ts
 * podNodePool({}) === defaultNodePool; // true
 * ```
 */
export const defaultNodePool = "default";

/**
 * Role of the agent in slot 0.
 *
 * @example
 * ```ts
 * inferRoleFromAgentSlot(0) === roleMain; // true
 * ```
 */
export const roleMain = "main";
/**
 * Role of the agents in slots 1 and up.
 *
 * @example
 * ```ts
 * inferRoleFromAgentSlot(2) === roleSubAgent; // true
 * ```
 */
export const roleSubAgent = "sub-agent";
/**
 * Role of a toolbox.
 *
 * @example
 * ```ts
 * const labels = { [labelRole]: roleToolbox };
 * ```
 */
export const roleToolbox = "toolbox";

/**
 * OCI tag of a hibernation snapshot: the node pushes it, the operator looks for it.
 *
 * @example
 * ```ts
 * const reference = `${registry}/vk-shop-demo-0:${hibernateSnapshotTag}`;
 * ```
 */
export const hibernateSnapshotTag = "hibernate";
/**
 * OCI tag of the routine snapshot that the node pushes when a pod is deleted.
 *
 * @example
 * ```ts
 * const reference = `${registry}/vk-shop-demo-0:${defaultSnapshotTag}`;
 * ```
 */
export const defaultSnapshotTag = "latest";

/**
 * Annotations by which the operator hands a VM's specification to the node.
 *
 * @example
 * ```ts
 * const image = pod.metadata.annotations?.[specAnnotations.image];
 * ```
 */
export const specAnnotations = {
  mode: `${apiGroup}/mode`,
  image: `${apiGroup}/image`,
  storage: `${apiGroup}/storage`,
  managed: `${apiGroup}/managed`,
  os: `${apiGroup}/os`,
  snapshotPolicy: `${apiGroup}/snapshot-policy`,
  network: `${apiGroup}/network`,
  forcePull: `${apiGroup}/force-pull`,
  generation: `${apiGroup}/generation`,
} as const;

/**
 * Annotations that describe one VM: what it is asked to be, and what the node observed.
 *
 * @example
 * ```ts
 * const ip = pod.metadata.annotations?.[vmAnnotations.ip];
 * ```
 */
export const vmAnnotations = {
  id: "vm.cocoonstack.io/id",
  name: "vm.cocoonstack.io/name",
  ip: "vm.cocoonstack.io/ip",
  vncPort: "vm.cocoonstack.io/vnc-port",
  hibernate: "vm.cocoonstack.io/hibernate",
  forkFrom: "vm.cocoonstack.io/fork-from",
  cloneFromDir: "vm.cocoonstack.io/clone-from-dir",
  connType: "vm.cocoonstack.io/conn-type",
  backend: "vm.cocoonstack.io/backend",
  noDirectIO: "vm.cocoonstack.io/no-direct-io",
  probePort: "vm.cocoonstack.io/probe-port",
  lifecycleState: "vm.cocoonstack.io/lifecycle-state",
  lifecycleObservedGeneration: "vm.cocoonstack.io/lifecycle-observed-generation",
  lifecycleStateMessage: "vm.cocoonstack.io/lifecycle-state-message",
} as const;

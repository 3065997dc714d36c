import {
  type AgentMode,
  agentModes,
  type Backend,
  backends,
  type ConnType,
  connTypes,
  defaults,
  type HibernationDesire,
  hibernationDesires,
  type OSType,
  osTypes,
  type SnapshotPolicy,
  snapshotPolicies,
  type ToolboxMode,
  toolboxModes,
} from "./enums.generated.js";

const isOneOf = <T extends string>(values: readonly T[], value: string): value is T =>
  (values as readonly string[]).includes(value);

// An unknown value passes through the `…WithDefault` functions: whoever reads it next refuses it by name, where a
// silent default would run a VM that nobody asked for.
const orDefault = (value: string | null | undefined, fallback: string): string =>
  value === undefined || value === null || value === "" ? fallback : value;

/**
 * Whether `value` is an {@link AgentMode}.
 *
 * @example
 * ```ts
 * isValidAgentMode("static"); // false: only toolboxes are static
 * ```
 */
export const isValidAgentMode = (value: string): value is AgentMode => isOneOf(agentModes, value);

/**
 * The mode of an agent: `clone` where nothing is said; an unknown value stays as it is.
 *
 * @example
 * ```ts
 * agentModeWithDefault(""); // "clone"
 * ```
 */
export const agentModeWithDefault = (value: string | null | undefined): string =>
  orDefault(value, defaults.agentMode);

/**
 * Whether `value` is a {@link ToolboxMode}.
 *
 * @example
 * ```ts
 * isValidToolboxMode("static"); // true
 * ```
 */
export const isValidToolboxMode = (value: string): value is ToolboxMode => isOneOf(toolboxModes, value);

/**
 * The mode of a toolbox: `run` where nothing is said; an unknown value stays as it is.
 *
 * @example
 * ```ts
 * toolboxModeWithDefault(undefined); // "run"
 * ```
 */
export const toolboxModeWithDefault = (value: string | null | undefined): string =>
  orDefault(value, defaults.toolboxMode);

/**
 * Whether `value` is an {@link OSType}.
 *
 * @example
 * ```ts
 * isValidOSType("Linux"); // false: case counts
 * ```
 */
export const isValidOSType = (value: string): value is OSType => isOneOf(osTypes, value);

/**
 * The operating system of a VM: `linux` where nothing is said; an unknown value stays as it is.
 *
 * @example
 * ```ts
 * osTypeWithDefault("windows"); // "windows"
 * ```
 */
export const osTypeWithDefault = (value: string | null | undefined): string =>
  orDefault(value, defaults.osType);

/**
 * Whether `value` is a {@link Backend}.
 *
 * @example
 * ```ts
 * isValidBackend("firecracker"); // true
 * ```
 */
export const isValidBackend = (value: string): value is Backend => isOneOf(backends, value);

/**
 * The hypervisor of a VM: `cloud-hypervisor` where nothing is said; an unknown value stays as it is.
 *
 * @example
 * ```ts
 * backendWithDefault(null); // "cloud-hypervisor"
 * ```
 */
export const backendWithDefault = (value: string | null | undefined): string =>
  orDefault(value, defaults.backend);

/**
 * Whether `value` is a {@link ConnType}. There is no default: what counts where nothing is said follows from the VM.
 *
 * @example
 * ```ts
 * isValidConnType(""); // false
 * ```
 */
export const isValidConnType = (value: string): value is ConnType => isOneOf(connTypes, value);

/**
 * Whether `value` is a {@link SnapshotPolicy}.
 *
 * @example
 * ```ts
 * isValidSnapshotPolicy("main-only"); // true
 * ```
 */
export const isValidSnapshotPolicy = (value: string): value is SnapshotPolicy =>
  isOneOf(snapshotPolicies, value);

/**
 * The snapshot policy of a CocoonSet: `always` where nothing is said; an unknown value stays as it is.
 *
 * @example
 * ```ts
 * snapshotPolicyWithDefault(""); // "always"
 * ```
 */
export const snapshotPolicyWithDefault = (value: string | null | undefined): string =>
  orDefault(value, defaults.snapshotPolicy);

/**
 * Whether `value` is a {@link HibernationDesire}.
 *
 * @example
 * ```ts
 * isValidHibernationDesire("Wake"); // true
 * ```
 */
export const isValidHibernationDesire = (value: string): value is HibernationDesire =>
  isOneOf(hibernationDesires, value);

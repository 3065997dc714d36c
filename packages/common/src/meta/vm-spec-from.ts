import {
  type AgentSpec,
  agentModeWithDefault,
  backendWithDefault,
  type Decoded,
  osTypeWithDefault,
  snapshotPolicyWithDefault,
  type ToolboxSpec,
  toolboxModeWithDefault,
  type VMOptions,
} from "../apis/v1/index.js";
import { quantityString } from "./quantity-string.js";
import type { VMSpec } from "./vm-spec.js";

/**
 * What a VM's specification takes from elsewhere than its agent or toolbox.
 *
 * @example
 * ```ts
 * const context: VMSpecContext = { vmName: "vk-prod-demo-1", forkFrom: "vk-prod-demo-0" };
 * vmSpecFromAgentSpec({ image: "demo" }, context).forkFrom; // "vk-prod-demo-0"
 * ```
 */
export interface VMSpecContext {
  readonly vmName: string;
  /** That of the CocoonSet; `always` where it is empty. */
  readonly snapshotPolicy?: string | null | undefined;
  /** Name of the VM whose snapshot a sub-agent starts from. */
  readonly forkFrom?: string | null | undefined;
}

function fromOptions(
  options: Decoded<VMOptions>,
  context: VMSpecContext,
): Omit<VMSpec, "image" | "mode" | "managed"> {
  return {
    vmName: context.vmName,
    snapshotPolicy: snapshotPolicyWithDefault(context.snapshotPolicy),
    forkFrom: context.forkFrom ?? "",
    os: osTypeWithDefault(options.os),
    backend: backendWithDefault(options.backend),
    connType: options.connType ?? "",
    network: options.network ?? "",
    storage: storageOf(options),
    probePort: portText(options.probePort ?? 0),
    forcePull: options.forcePull ?? false,
    noDirectIO: options.noDirectIO ?? false,
  };
}

function storageOf({ storage }: Decoded<VMOptions>): string {
  return storage === undefined || storage === null ? "" : quantityString(storage);
}

const portText = (port: number): string => (port > 0 ? String(port) : "");

/**
 * The specification of an agent's VM: defaults applied, storage in canonical form, always managed. Values that no enum
 * knows pass through.
 *
 * @throws {RangeError} when `storage` is no quantity, which a decoded object never holds.
 *
 * @example
 * ```ts
 * vmSpecFromAgentSpec({ image: "demo", storage: "1024Mi" }, { vmName: "vk-prod-demo-0" }).storage; // "1Gi"
 * ```
 */
export function vmSpecFromAgentSpec(agent: Decoded<AgentSpec>, context: VMSpecContext): VMSpec {
  return {
    ...fromOptions(agent, context),
    image: agent.image ?? "",
    mode: agentModeWithDefault(agent.mode),
    managed: true,
  };
}

/**
 * The specification of a toolbox's VM: defaults applied, storage in canonical form, managed unless it is static. It is
 * never forked.
 *
 * @throws {RangeError} when `storage` is no quantity, which a decoded object never holds.
 *
 * @example
 * ```ts
 * vmSpecFromToolboxSpec({ name: "db", mode: "static" }, { vmName: "vk-prod-demo-db" }).managed; // false
 * ```
 */
export function vmSpecFromToolboxSpec(
  toolbox: Decoded<ToolboxSpec>,
  context: Omit<VMSpecContext, "forkFrom">,
): VMSpec {
  const mode = toolboxModeWithDefault(toolbox.mode);
  return {
    ...fromOptions(toolbox, { ...context, forkFrom: "" }),
    image: toolbox.image ?? "",
    mode,
    managed: mode !== "static",
  };
}

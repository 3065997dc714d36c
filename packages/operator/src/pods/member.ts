import type { AgentSpec, Decoded, ResourceRequirements, ToolboxSpec } from "@cocoonstack/common/apis/v1";
import {
  defaultNodePool,
  mainAgentVMNameFor,
  type Role,
  roleMain,
  roleSubAgent,
  roleToolbox,
  vmNameForPod,
  type VMRuntime,
  type VMSpec,
  vmSpecFromAgentSpec,
  vmSpecFromToolboxSpec,
} from "@cocoonstack/common/meta";
import { itemsOf, type SetView } from "../model/index.js";

/** One VM of a CocoonSet as its spec asks for it. */
export interface Member {
  readonly role: Role;
  /** The value of the label `slot`: a number for agents, the toolbox's name for toolboxes. */
  readonly slot: string;
  readonly podName: string;
  readonly vm: VMSpec;
  readonly resources: Decoded<ResourceRequirements>;
  readonly envFrom: readonly unknown[];
  /** Empty where the spec names none. */
  readonly serviceAccountName: string;
  readonly pool: string;
  /** What is known of the VM of a static toolbox beforehand. */
  readonly preset: Partial<VMRuntime> | undefined;
}

const poolOf = ({ spec }: SetView): string => {
  const pool = spec.nodePool ?? "";
  return pool === "" ? defaultNodePool : pool;
};

/** Name of the pod in a slot, or of a toolbox's: `SET-SLOT`. */
export const podNameOf = (set: Pick<SetView, "name">, slot: string | number): string => `${set.name}-${slot}`;

/** The agent in a slot: the main agent in slot 0, sub-agents, which are forked from it, in the others. */
export function agentMember(set: SetView, slot: number): Member {
  const agent: Decoded<AgentSpec> = set.spec.agent ?? {};
  const podName = podNameOf(set, slot);
  const forkFrom = slot === 0 ? "" : mainAgentVMNameFor(set.namespace, set.name);
  return {
    role: slot === 0 ? roleMain : roleSubAgent,
    slot: String(slot),
    podName,
    vm: vmSpecFromAgentSpec(agent, {
      vmName: vmNameForPod(set.namespace, podName),
      snapshotPolicy: set.spec.snapshotPolicy,
      forkFrom,
    }),
    resources: agent.resources ?? {},
    envFrom: itemsOf(agent.envFrom),
    serviceAccountName: agent.serviceAccountName ?? "",
    pool: poolOf(set),
    preset: undefined,
  };
}

/** The VM of a toolbox. */
export function toolboxMember(set: SetView, toolbox: Decoded<ToolboxSpec>): Member {
  const slot = toolbox.name ?? "";
  const podName = podNameOf(set, slot);
  const vm = vmSpecFromToolboxSpec(toolbox, {
    vmName: vmNameForPod(set.namespace, podName),
    snapshotPolicy: set.spec.snapshotPolicy,
  });
  return {
    role: roleToolbox,
    slot,
    podName,
    vm,
    resources: toolbox.resources ?? {},
    envFrom: [],
    serviceAccountName: "",
    pool: poolOf(set),
    preset: vm.managed ? undefined : presetOf(toolbox),
  };
}

const presetOf = (toolbox: Decoded<ToolboxSpec>): Partial<VMRuntime> => ({
  vmID: toolbox.staticVMID ?? "",
  ip: toolbox.staticIP ?? "",
  vncPort: toolbox.vncPort ?? 0,
});

/** A member in messages: `toolbox db`, `sub-agent 2`, `main agent`. */
export const memberName = ({ role, slot }: Pick<Member, "role" | "slot">): string =>
  role === roleMain ? "main agent" : `${role} ${slot}`;

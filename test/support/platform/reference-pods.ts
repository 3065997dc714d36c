import type { CocoonSet, Decoded, ToolboxSpec } from "@cocoonstack/common/apis/v1";
import {
  agentVMNamePrefix,
  applyVMRuntime,
  applyVMSpec,
  mainAgentVMNameFor,
  nodePoolKey,
  roleMain,
  roleSubAgent,
  roleToolbox,
  stampCocoonSetGeneration,
  type VMSpec,
  vmSpecFromAgentSpec,
  vmSpecFromToolboxSpec,
} from "@cocoonstack/common/meta";
import { cocoonToleration } from "../objects.js";

/** A pod of a set, as far as the reference operator tells pods apart. */
interface Member {
  readonly slot: string;
  readonly role: string;
  readonly vm: VMSpec;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly nodeName?: string | undefined;
}

/**
 * The pods of a stored CocoonSet as the reference operator makes them, main agent first: without a hash of their template, and without
 * tolerations for the outage of a node. Written down here by its rules, and not by those of ours.
 *
 * @param nodeName Of the main agent, where sub-agents go without a scheduler.
 */
export function referencePods(set: Decoded<CocoonSet>, nodeName: string): readonly object[] {
  const { agent, toolboxes, snapshotPolicy } = set.spec ?? {};
  const [namespace, name] = [set.metadata?.namespace ?? "", set.metadata?.name ?? ""];
  const prefix = agentVMNamePrefix(namespace, name);
  const agents = Array.from({ length: 1 + (agent?.replicas ?? 0) }, (_, slot): Member => {
    const forkFrom = slot === 0 ? "" : mainAgentVMNameFor(namespace, name);
    const vm = vmSpecFromAgentSpec(agent ?? {}, {
      vmName: `${prefix}${slot}`,
      snapshotPolicy,
      forkFrom,
    });
    const role = slot === 0 ? roleMain : roleSubAgent;
    return { slot: `${slot}`, role, vm, nodeName: slot === 0 ? undefined : nodeName };
  });
  const others = ((toolboxes ?? []) as readonly Decoded<ToolboxSpec>[]).map((toolbox): Member => {
    const slot = toolbox.name ?? "";
    const vm = vmSpecFromToolboxSpec(toolbox, { vmName: `${prefix}${slot}`, snapshotPolicy });
    const { staticVMID: vmID = "", staticIP: ip = "", vncPort = 0 } = toolbox;
    const preset = { vmID: vmID ?? "", ip: ip ?? "", vncPort: vncPort ?? 0 };
    return { slot, role: roleToolbox, vm, ...(!vm.managed && { annotations: applyVMRuntime({}, preset) }) };
  });
  return [...agents, ...others].map((member) => podOf(set, member));
}

function podOf(
  { metadata, spec }: Decoded<CocoonSet>,
  { slot, role, vm, annotations, nodeName }: Member,
): object {
  const name = metadata?.name ?? "";
  const described = { ...applyVMSpec({}, vm), ...annotations };
  const owner = {
    apiVersion: "cocoonset.cocoonstack.io/v1",
    kind: "CocoonSet",
    name,
    uid: metadata?.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${name}-${slot}`,
      labels: {
        "cocoonset.cocoonstack.io/name": name,
        "cocoonset.cocoonstack.io/role": role,
        "cocoonset.cocoonstack.io/slot": slot,
        "app.kubernetes.io/name": name,
      },
      annotations: stampCocoonSetGeneration(
        { metadata: { annotations: described } },
        metadata?.generation ?? 1,
      ),
      ownerReferences: [owner],
    },
    spec: {
      ...(nodeName !== undefined && { nodeName }),
      nodeSelector: { [nodePoolKey]: spec?.nodePool ?? "default" },
      terminationGracePeriodSeconds: 1,
      tolerations: [cocoonToleration],
      containers: [{ name: "agent", image: "ghcr.io/cocoonstack/placeholder:latest" }],
    },
  };
}

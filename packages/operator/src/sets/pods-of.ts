import type { CocoonSet, Decoded } from "@cocoonstack/common/apis/v1";
import { type PodManifest, readSet, replicasOf } from "../model/index.js";
import { agentMember, buildPod, namesOf, toolboxMember } from "../pods/index.js";

/** The pods that a CocoonSet becomes, and what stands in the way of others. */
export interface PodsOfSet {
  readonly pods: readonly PodManifest[];
  /** Each a sentence that names the thing and the way out. */
  readonly faults: readonly string[];
}

/**
 * The pods that a CocoonSet becomes once all its VMs run, started from their images: main agent, sub-agents by slot, toolboxes. Only the
 * node of sub-agents is not known beforehand.
 *
 * @example
 * podsOf(set).pods.map(({ metadata }) => metadata.name); // ["demo-0", "demo-1", "demo-db"]
 */
export function podsOf(object: Decoded<CocoonSet>): PodsOfSet {
  const set = readSet(object);
  const names = namesOf(set);
  const faults = names.troubles.map(({ message }) => message);
  if (!names.isUsable) return { pods: [], faults };
  const agents = Array.from({ length: 1 + replicasOf(set) }, (_, slot) => agentMember(set, slot));
  const members = [...agents, ...names.toolboxes.map((toolbox) => toolboxMember(set, toolbox))];
  return { pods: members.map((member) => buildPod(set, member, { fromSnapshot: false })), faults };
}

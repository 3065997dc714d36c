import { nodePoolKey, tolerationKey } from "@cocoonstack/common/meta";
import { timestamp } from "./api.js";

/** What a node says of itself. */
export interface NodeFacts {
  readonly name: string;
  /** The node pool that it belongs to. */
  readonly pool: string;
  /** How many pods it takes. */
  readonly pods: number;
  /** The version of the agent. */
  readonly version: string;
}

/** Enough that pods are what counts. */
const roomForAll = { cpu: "512", memory: "4Ti", "ephemeral-storage": "64Ti" };

/** The Node of an agent, whose taint keeps away what is no VM. */
export const nodeObject = (facts: NodeFacts): object => ({
  apiVersion: "v1",
  kind: "Node",
  ...nodeClaims(facts),
  status: nodeStatus(facts),
});

/** What the agent asserts of its Node each time that it starts. */
export const nodeClaims = ({
  name,
  pool,
}: NodeFacts): { readonly metadata: object; readonly spec: object } => ({
  metadata: {
    name,
    labels: { [nodePoolKey]: pool, "kubernetes.io/hostname": name, type: "virtual-kubelet" },
  },
  spec: { taints: [{ key: tolerationKey, value: "cocoon", effect: "NoSchedule" }] },
});

/** Ready, and with room. */
export function nodeStatus({ pods, version }: NodeFacts): object {
  const resources = { ...roomForAll, pods: String(pods) };
  const now = timestamp();
  return {
    capacity: resources,
    allocatable: resources,
    nodeInfo: {
      kubeletVersion: `cocoon-node/${version}`,
      operatingSystem: "linux",
      architecture: process.arch,
    },
    conditions: [
      {
        type: "Ready",
        status: "True",
        reason: "AgentReady",
        message: "the node agent takes pods",
        lastHeartbeatTime: now,
        lastTransitionTime: now,
      },
    ],
  };
}

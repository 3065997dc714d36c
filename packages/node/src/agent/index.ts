/** The node agent: what carries the lives of VMs into the cluster. */
export { Agent, type AgentOptions } from "./agent.js";
export { AgentCrash, type Interference } from "./interference.js";
export type { NodeFacts } from "./node-object.js";

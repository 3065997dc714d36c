import type { AgentStatus, CocoonSetStatus, ToolboxStatus } from "@cocoonstack/common/apis/v1";
import {
  connectionType,
  parseVMRuntime,
  parseVMSpec,
  roleMain,
  roleSubAgent,
  vmAnnotations,
} from "@cocoonstack/common/meta";
import { isValidConnType } from "@cocoonstack/common/apis/v1";
import type { PlannedStatus, PodView } from "../model/index.js";
import { annotationOf } from "../pods/index.js";
import { conditionsOf, type Summary } from "./conditions.js";
import type { Context } from "./context.js";
import type { Counts } from "./summary.js";

/** The status of a CocoonSet: counts, every VM that has a pod, and the conditions. */
export function statusOf(context: Context, summary: Summary, counts: Counts): PlannedStatus<CocoonSetStatus> {
  const { main, subAgents, toolboxes } = context.pods;
  const slots = [...subAgents].sort(([a], [b]) => a - b);
  const names = [...toolboxes].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    observedGeneration: context.set.generation,
    phase: summary.phase,
    ...counts,
    agents: [
      ...(main === undefined ? [] : [agentStatus(0, main)]),
      ...slots.map(([slot, pod]) => agentStatus(slot, pod)),
    ],
    toolboxes: names.map(([name, pod]) => toolboxStatus(name, pod)),
    conditions: conditionsOf(context, summary),
  };
}

type Common = Pick<AgentStatus, "podName" | "vmName" | "vmID" | "ip" | "phase">;

function commonStatus(pod: PodView): Common {
  const { vmName } = parseVMSpec(pod);
  const { vmID, ip } = parseVMRuntime(pod);
  const phase = pod.status?.phase ?? "";
  const known = Object.entries({ vmName, vmID, ip, phase }).filter(([, text]) => text !== "");
  return { podName: pod.metadata.name, ...(Object.fromEntries(known) as Common) };
}

function agentStatus(slot: number, pod: PodView): AgentStatus {
  const forkedFrom = annotationOf(pod, vmAnnotations.forkFrom);
  const role = slot === 0 ? roleMain : roleSubAgent;
  return { slot, role, ...commonStatus(pod), ...(forkedFrom !== "" && { forkedFrom }) };
}

function toolboxStatus(name: string, pod: PodView): ToolboxStatus {
  const { vncPort } = parseVMRuntime(pod);
  const { connType: override, os: osType } = parseVMSpec(pod);
  const connType = connectionType({ override, osType, hasVNCPort: vncPort > 0 });
  return {
    name,
    ...commonStatus(pod),
    ...(isValidConnType(connType) && { connType }),
    ...(vncPort > 0 && { vncPort }),
  };
}

import { roleMain, roleToolbox } from "@cocoonstack/common/meta";
import { isSuspended, type PodView } from "../model/index.js";
import { agentMember, type Member } from "../pods/index.js";
import type { Context } from "./context.js";
import type { Draft } from "./draft.js";
import { type CreationGate, missingStep } from "./missing-step.js";
import { presentStep, unknownStep } from "./present-step.js";
import type { MemberReport, MemberState } from "./report.js";
import { wantedSubAgents, wantedToolboxes } from "./wanted.js";

/** How all VMs of a set stand. */
export interface Reports {
  readonly main: MemberReport;
  /** By slot; of those without a pod, as many as one plan looks at. */
  readonly subAgents: readonly MemberReport[];
  /** In the order of the spec. */
  readonly toolboxes: readonly MemberReport[];
  /** Whether a pod of an unknown role has not yet done what is wanted. */
  readonly isUnknownPending: boolean;
}

/** Looks at every VM that is wanted, main agent first, and plans what can be done about each by itself. */
export function reportAll(context: Context, draft: Draft): Reports {
  const { set, pods } = context;
  const isAsleep = isSuspended(set);
  const look = (member: Member, gate: CreationGate): MemberReport => {
    const pod = podOf(context, member);
    return pod === undefined
      ? missingStep(context, draft, member, gate)
      : presentStep(context, draft, member, pod);
  };
  // Also under suspend: there has to be a VM that can be asked to sleep.
  const main = look(agentMember(set, 0), { mayStart: true });
  const forks: CreationGate = {
    mayStart: main.state === "ready" && !main.isStale && !isAsleep,
    nodeName: main.pod?.spec?.nodeName ?? undefined,
  };
  const subAgents = wantedSubAgents(context).map((member) => look(member, forks));
  const beside: CreationGate = { mayStart: !awaited.has(main.state) && !main.isStale && !isAsleep };
  const toolboxes = wantedToolboxes(context).map((member) => look(member, beside));
  const pending = pods.unknown.filter((pod) => unknownStep(context, draft, pod).step.isDone !== true);
  return { main, subAgents, toolboxes, isUnknownPending: pending.length > 0 };
}

/** The states of the main agent that pass by themselves; whatever comes after it waits for that. */
const awaited: ReadonlySet<MemberState> = new Set<MemberState>(["missing", "leaving", "booting", "waking"]);

function podOf({ pods }: Context, { role, slot }: Member): PodView | undefined {
  if (role === roleMain) return pods.main;
  return role === roleToolbox ? pods.toolboxes.get(slot) : pods.subAgents.get(Number(slot));
}

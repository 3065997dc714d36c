import type { CocoonSetPhase } from "@cocoonstack/common/apis/v1";
import { readCocoonSetGeneration, roleMain } from "@cocoonstack/common/meta";
import { degraded, inShort, isSuspended, replicasOf, type Trouble } from "../model/index.js";
import { isManaged, saysHibernated } from "../pods/index.js";
import type { Summary } from "./conditions.js";
import type { Context } from "./context.js";
import { mainFailure } from "./mend.js";
import { recoveryTrouble } from "./recovery.js";
import { hasFailed, isInSleep, type MemberReport, type MemberState } from "./report.js";
import type { Reports } from "./reports.js";

/** How many agents and toolboxes are ready, and how many should be. */
export interface Counts {
  readonly readyAgents: number;
  readonly desiredAgents: number;
  readonly readyToolboxes: number;
  readonly desiredToolboxes: number;
}

/** Counts what is wanted; a VM that is ready and not wanted is none of it. */
export function countsOf({ set }: Context, { main, subAgents, toolboxes }: Reports): Counts {
  const ready = (reports: readonly MemberReport[]): number =>
    reports.filter(({ state }) => state === "ready").length;
  return {
    readyAgents: ready([main, ...subAgents]),
    desiredAgents: 1 + replicasOf(set),
    readyToolboxes: ready(toolboxes),
    desiredToolboxes: set.spec.toolboxes?.length ?? 0,
  };
}

/** Where the set stands, and why. */
export function summaryOf(
  context: Context,
  reports: Reports,
  troubles: readonly Trouble[],
  isActing: boolean,
): Summary {
  const counts = countsOf(context, reports);
  const phase = phaseOf(context, reports, counts);
  const trouble = mainTrouble(context, reports);
  return {
    phase,
    ready: readyOf(reports, phase, counts),
    progressing: progressOf(reports, phase, isActing),
    troubles: [...(trouble === undefined ? [] : [trouble]), ...troubles],
  };
}

function mainTrouble({ set }: Context, reports: Reports): Trouble | undefined {
  const failure = mainFailure(reports);
  return failure === undefined
    ? recoveryTrouble(set, reports.main.state)
    : degraded(failure.reason, failureMessage(reports, failure.message));
}

const all = ({ main, subAgents, toolboxes }: Reports): readonly MemberReport[] => [
  main,
  ...subAgents,
  ...toolboxes,
];

const isEverythingReady = (counts: Counts): boolean =>
  counts.readyAgents === counts.desiredAgents && counts.readyToolboxes === counts.desiredToolboxes;

function phaseOf(context: Context, reports: Reports, counts: Counts): CocoonSetPhase {
  if (mainFailure(reports) !== undefined) return "Failed";
  if (isSuspended(context.set)) {
    const isDone = !reports.isUnknownPending && all(reports).every((report) => isAtRest(context, report));
    return isDone ? "Suspended" : "Suspending";
  }
  if (reports.main.state !== "ready") return "Pending";
  return isEverythingReady(counts) ? "Running" : "Scaling";
}

/** Whether suspending has nothing more to do for a VM: it sleeps, or there is none that could. */
function isAtRest({ set, records }: Context, { member, pod, state }: MemberReport): boolean {
  if (pod === undefined) {
    const isToCome = member.role === roleMain || records?.has(member.vm.vmName) === true;
    return !isToCome && state !== "leaving";
  }
  if (!isManaged(pod) || withoutSleep.has(state)) return true;
  return state === "asleep" && saysHibernated(pod) && readCocoonSetGeneration(pod) >= set.generation;
}

/** The states of VMs that are not put to sleep. */
const withoutSleep: ReadonlySet<MemberState> = new Set<MemberState>(["blocked", "failed", "dead-letter"]);

const failureMessage = ({ main }: Reports, message: string): string =>
  `main agent ${main.member.podName} failed: ${message}; mend the spec or delete the pod: either makes it anew, without the state that it had`;

function readyOf(reports: Reports, phase: CocoonSetPhase, counts: Counts): Summary["ready"] {
  const { readyAgents, desiredAgents, readyToolboxes, desiredToolboxes } = counts;
  const figures = `${readyAgents}/${desiredAgents} agents ready, ${readyToolboxes}/${desiredToolboxes} toolboxes ready`;
  const failure = mainFailure(reports);
  if (failure !== undefined) {
    return { reason: failure.reason, message: `${failureMessage(reports, failure.message)} (${figures})` };
  }
  if (phase === "Suspended") return { reason: "Suspended", message: suspendedMessage(reports) };
  if (phase === "Suspending") return { reason: "Suspending", message: withStates(figures, reports) };
  if (phase === "Running") return { reason: "AllAgentsReady", message: figures };
  const lacking = all(reports).filter(({ state }) => state !== "ready");
  const isByChoice = lacking.length > 0 && lacking.every(isHibernated);
  return { reason: isByChoice ? "Hibernated" : "AgentsNotReady", message: withStates(figures, reports) };
}

const isHibernated = ({ state, decider }: MemberReport): boolean =>
  state === "asleep" && decider.by === "hibernation";

/** A list of what is not ready is for people: after so many, the number of the others is enough. */
const mostNames = 5;

const withStates = (figures: string, reports: Reports): string =>
  withSome(
    figures,
    all(reports)
      .filter(({ state }) => state !== "ready")
      .map(inWords),
  );

const withSome = (head: string, clauses: readonly string[]): string =>
  clauses.length === 0 ? head : `${head}; ${inShort(clauses, mostNames)}`;

/** What suspending has come to. Whoever takes the hosts away has to know what is in no snapshot. */
function suspendedMessage(reports: Reports): string {
  const others = all(reports).filter(({ state }) => state !== "asleep");
  return others.length === 0
    ? "every VM sleeps in its snapshot"
    : withSome("every other VM sleeps in its snapshot", others.map(sleepless));
}

function sleepless(report: MemberReport): string {
  const { podName, vm } = report.member;
  if (!vm.managed) return `${podName} is static, and others run its VM`;
  return hasFailed(report) ? `${podName} has failed, and has no snapshot` : inWords(report);
}

function inWords(report: MemberReport): string {
  const { member, state, decider } = report;
  const by = decider.by === "hibernation" ? ` by CocoonHibernation ${decider.hibernation.name}` : "";
  if (state === "asleep") return `${member.podName} is hibernated${by}`;
  return `${member.podName} is ${state.replace("-", " ")}${isInSleep(report) ? by : ""}`;
}

function progressOf(reports: Reports, phase: CocoonSetPhase, isActing: boolean): Summary["progressing"] {
  if (phase === "Suspending") return { reason: "Suspending", message: "VMs go into their snapshots" };
  const states = new Set(all(reports).map(({ state }) => state));
  if (states.has("waking")) return { reason: "Waking", message: "VMs come back from their snapshots" };
  const passing = [...passingStates, ...(phase === "Scaling" ? (["missing"] as const) : [])];
  const isPassing = phase !== "Failed" && passing.some((state) => states.has(state));
  return phase !== "Suspended" && (isActing || isPassing)
    ? { reason: "Reconciling", message: phase }
    : { reason: "Stable", message: phase };
}

/** The states that pass by themselves. */
const passingStates = [
  "booting",
  "leaving",
  "falling-asleep",
  "failed",
] as const satisfies readonly MemberState[];

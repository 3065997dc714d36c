import type { CocoonSetPhase } from "@cocoonstack/common/apis/v1";
import type { NewCondition } from "@cocoonstack/common/k8s";
import { itemsOf, type PlannedEvent, type SetView } from "../model/index.js";
import { isRecovering, wasDown } from "./recovery.js";

/** What has an event of its own when it happens. */
const toldElsewhere: ReadonlySet<string> = new Set([
  "RebuildBackOff",
  "DeadLetter",
  "MainAgentFailed",
  "MainAgentRecovering",
  "PodLifecycleFailed",
]);

const failures: ReadonlySet<string> = new Set(["MainAgentFailed", "PodLifecycleFailed"]);

/**
 * An event for each transition, by what the stored status does not say yet: so a restart repeats none, and a status that was
 * written is not told again.
 */
export function transitionEvents(
  set: SetView,
  conditions: readonly NewCondition[],
  phase?: CocoonSetPhase,
): readonly PlannedEvent[] {
  const stored = new Map(itemsOf(set.status.conditions).map((condition) => [condition.type, condition]));
  const told = conditions.filter((condition) => isToTell(condition, stored.get(condition.type) ?? {}));
  return [
    ...told.map(({ reason, message }) => ({ type: "Warning", reason, message }) as const),
    ...(phase === undefined ? [] : phaseEvents(set, conditions, phase)),
  ];
}

type Before = Readonly<Partial<Record<"status" | "reason" | "message", string | null>>>;

function isToTell({ type, status, reason, message }: NewCondition, before: Before): boolean {
  const isNew = before.status !== status || before.reason !== reason;
  switch (type) {
    case "Ready":
      return failures.has(reason) && isNew;
    case "Degraded":
      return status === "True" && isNew && !toldElsewhere.has(reason);
    default:
      return type === "Blocked" && status === "True" && (isNew || before.message !== message);
  }
}

function phaseEvents(
  set: SetView,
  conditions: readonly NewCondition[],
  phase: CocoonSetPhase,
): readonly PlannedEvent[] {
  const hasRecovered = wasDown(set) && phase !== "Failed" && !isRecovering(conditions);
  const recovery: PlannedEvent = {
    type: "Normal",
    reason: "RecoveredFromFailure",
    message: "the main agent is ready again",
  };
  const arrival = phase === set.status.phase ? undefined : arrivals[phase];
  return [...(hasRecovered ? [recovery] : []), ...(arrival === undefined ? [] : [arrival])];
}

/** Where a set comes to rest. */
const arrivals: Readonly<Partial<Record<CocoonSetPhase, PlannedEvent>>> = {
  Running: { type: "Normal", reason: "Running", message: "every agent and toolbox is ready" },
  Suspended: { type: "Normal", reason: "Suspended", message: "every VM sleeps in its snapshot" },
};

import type { CocoonSetPhase } from "@cocoonstack/common/apis/v1";
import type { NewCondition } from "@cocoonstack/common/k8s";
import {
  blockingReasons,
  type EventReason,
  isReasonOf,
  itemsOf,
  mainFailureReasons,
  type PlannedEvent,
  type SetView,
  waitingReasons,
} from "../model/index.js";
import { isRecovering, wasDown } from "./recovery.js";

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
  return [
    ...conditions.flatMap((condition) => warningsOf(condition, stored.get(condition.type) ?? {})),
    ...(phase === undefined ? [] : phaseEvents(set, conditions, phase)),
  ];
}

type Before = Readonly<Partial<Record<"status" | "reason" | "message", string | null>>>;

function warningsOf(condition: NewCondition, before: Before): readonly PlannedEvent[] {
  const { type, status, message } = condition;
  const reason = reasonToTell(condition);
  const isNew =
    before.status !== status ||
    before.reason !== reason ||
    (type === "Blocked" && before.message !== message);
  return isNew && reason !== undefined ? [{ type: "Warning", reason, message }] : [];
}

/** Why there is an event of a condition; undefined where all is well, or where another event tells of it. */
function reasonToTell({ type, reason }: NewCondition): EventReason | undefined {
  switch (type) {
    case "Ready":
      return isReasonOf(mainFailureReasons, reason) ? reason : undefined;
    case "Degraded":
      return isReasonOf(waitingReasons, reason) ? reason : undefined;
    default:
      return type === "Blocked" && isReasonOf(blockingReasons, reason) ? reason : undefined;
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
  const message = conditions.find(({ type }) => type === "Ready")?.message ?? "";
  // Where a set comes to rest. The condition Ready says what that is like.
  const isAtRest = phase === "Running" || phase === "Suspended";
  const hasArrived = isAtRest && phase !== set.status.phase;
  const arrival = hasArrived ? [{ type: "Normal", reason: phase, message } as const] : [];
  return [...(hasRecovered ? [recovery] : []), ...arrival];
}

import type { CocoonHibernationStatus, ConditionStatus } from "@cocoonstack/common/apis/v1";
import type { NewCondition } from "@cocoonstack/common/k8s";
import {
  type HibernationView,
  itemsOf,
  type PlannedEvent,
  type PlannedStatus,
  type Trouble,
} from "../model/index.js";
import type { Context } from "./context.js";
import type { Progress } from "./progress.js";

/** The status of a CocoonHibernation. */
export function statusOf(
  { hibernation, vmName }: Context,
  progress: Progress,
  troubles: readonly Trouble[],
): PlannedStatus<CocoonHibernationStatus> {
  const { phase } = progress;
  const keepsName = vmName !== "" && phase !== "Pending" && phase !== "Failed";
  return {
    observedGeneration: hibernation.generation,
    phase,
    ...(keepsName && { vmName }),
    conditions: conditionsOf(hibernation, progress, troubles),
  };
}

function conditionsOf(
  { generation }: HibernationView,
  progress: Progress,
  troubles: readonly Trouble[],
): readonly NewCondition[] {
  const { phase, reason, message } = progress;
  const condition = (type: string, isTrue: boolean, why: string, text: string): NewCondition => {
    const status: ConditionStatus = isTrue ? "True" : "False";
    return { type, status, reason: why, message: text, observedGeneration: generation };
  };
  const isMoving = phase === "Hibernating" || phase === "Waking";
  const troubled = (type: Trouble["condition"], own: boolean): NewCondition => {
    const found = troubles.filter((trouble) => trouble.condition === type);
    const all = own ? [{ reason, message }, ...found] : found;
    const text = all.map((one) => one.message).join("; ");
    return condition(type, all.length > 0, all[0]?.reason ?? "AsExpected", text);
  };
  return [
    condition("Ready", reason === "Hibernated" || reason === "Active", reason, message),
    condition("Progressing", isMoving, isMoving ? reason : "Stable", isMoving ? message : phase),
    troubled("Degraded", phase === "Failed"),
    troubled("Blocked", reason === "Overruled"),
  ];
}

/** An event for each transition, by what the stored status does not say yet. */
export function eventsOf({ hibernation }: Context, progress: Progress): readonly PlannedEvent[] {
  const { status } = hibernation;
  if (progress.phase !== status.phase) return phaseEvents(status.phase ?? "", progress);
  const ready = itemsOf(status.conditions).find(({ type }) => type === "Ready");
  const isSaid = ready?.reason === progress.reason && ready.message === progress.message;
  return isSaid ? [] : overruled(progress);
}

const overruled = ({ reason, message }: Progress): readonly PlannedEvent[] =>
  reason === "Overruled" ? [{ type: "Warning", reason, message }] : [];

function phaseEvents(before: string, progress: Progress): readonly PlannedEvent[] {
  const { phase, reason, message } = progress;
  switch (phase) {
    case "Hibernated":
      return [{ type: "Normal", reason: "Hibernated", message }];
    case "Active":
      return [{ type: "Normal", reason: "WokenActive", message }];
    case "Failed":
      return [{ type: "Warning", reason, message }];
    case "Pending":
      return overruled(progress);
    case "Hibernating":
    case "Waking":
      return before === "Failed" ? [{ type: "Normal", reason: "RetryRequested", message }] : [];
  }
}

import type { Condition, ConditionStatus } from "../apis/v1/index.js";

/**
 * Type of the condition that every Cocoon kind has: whether the object is what its spec asks for.
 *
 * @example
 * ```ts
 * const ready = set.status?.conditions?.find(({ type }) => type === conditionTypeReady);
 * ```
 */
export const conditionTypeReady = "Ready";

/**
 * A condition whose time is still open: {@link setStatusCondition} knows whether the status has changed.
 *
 * @example
 * ```ts
 * const progressing: NewCondition = { type: "Progressing", status: "True", reason: "Scaling", message: "" };
 * ```
 */
export type NewCondition = Omit<Condition, "lastTransitionTime"> &
  Partial<Pick<Condition, "lastTransitionTime">>;

/**
 * The Ready condition, without `lastTransitionTime`.
 *
 * @param reason One CamelCase word for programs, such as `AllAgentsReady`.
 * @param message A sentence for people; may be empty.
 * @param observedGeneration `metadata.generation` of the spec that was looked at.
 *
 * @example
 * ```ts
 * const ready = newReadyCondition("False", "Scaling", "2 of 3 agents run", 4);
 * ```
 */
export function newReadyCondition(
  status: ConditionStatus,
  reason: string,
  message: string,
  observedGeneration?: number,
): NewCondition {
  return {
    type: conditionTypeReady,
    status,
    reason,
    message,
    ...(observedGeneration !== undefined && { observedGeneration }),
  };
}

/**
 * Puts `condition` into `conditions`, of which there is one for each type, and says whether that changed anything. The rules
 * are those of `SetStatusCondition` in Kubernetes' Go library: `lastTransitionTime` moves only when the status changes or
 * the type is new, to the condition's own time, else to `now`.
 *
 * Changes the list and its items in place, as it is meant for the draft that {@link patchStatus} hands out.
 *
 * @param now Written to the second.
 * @default the present
 * @throws {RangeError} when a time has to be written and `now` is an invalid date.
 *
 * @example
 * ```ts
 * const conditions = (status.conditions ??= []);
 * const changed = setStatusCondition(conditions, newReadyCondition("True", "AllAgentsReady", ""));
 * ```
 */
export function setStatusCondition(
  conditions: Condition[],
  condition: NewCondition,
  now: Date = new Date(),
): boolean {
  const existing = conditions.find(({ type }) => type === condition.type);
  if (existing === undefined) {
    conditions.push({ ...condition, lastTransitionTime: transitionTime(condition, now) });
    return true;
  }
  if (saysTheSame(existing, condition)) return false;
  if (existing.status !== condition.status) existing.lastTransitionTime = transitionTime(condition, now);
  const { status, reason, message, observedGeneration } = condition;
  Object.assign(existing, { status, reason, message });
  if (observedGeneration === undefined) delete existing.observedGeneration;
  else existing.observedGeneration = observedGeneration;
  return true;
}

/** Whether the two differ at most in their times. In Go a missing generation is 0. */
const saysTheSame = (a: NewCondition, b: NewCondition): boolean =>
  a.status === b.status &&
  a.reason === b.reason &&
  a.message === b.message &&
  (a.observedGeneration ?? 0) === (b.observedGeneration ?? 0);

const transitionTime = ({ lastTransitionTime = "" }: NewCondition, now: Date): string =>
  lastTransitionTime === "" ? rfc3339(now) : lastTransitionTime;

/** To the second, as Kubernetes writes times. */
const rfc3339 = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z");

import type { OwnerStatus } from "../act/index.js";
import { type degradedReasons, inShort, type ReasonOf } from "../model/index.js";

/** Messages of what is wrong are for people: after so many, the number of the others is enough. */
const mostMessages = 3;

const reason: ReasonOf<typeof degradedReasons> = "ActionFailed";

/** What could not be done, for people. */
export const failureText = (failures: readonly Error[]): string =>
  inShort(
    failures.map(({ message }) => message),
    mostMessages,
  );

/** A planned status that also says what could not be done: nobody should have to look for that in a log. */
export function withFailures(status: OwnerStatus, failures: readonly Error[]): OwnerStatus {
  if (failures.length === 0) return status;
  const text = failureText(failures);
  const conditions = status.conditions.map((condition) => {
    if (condition.type !== "Degraded") return condition;
    return condition.status === "True"
      ? { ...condition, message: `${condition.message}; ${text}` }
      : { ...condition, status: "True" as const, reason, message: text };
  });
  return { ...status, conditions };
}

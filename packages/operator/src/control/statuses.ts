import type { OwnerStatus } from "../act/index.js";

/** Messages of what is wrong are for people: after so many, the number of the others is enough. */
const mostMessages = 3;

/** A planned status that also says what could not be done: nobody should have to look for that in a log. */
export function withFailures(status: OwnerStatus, failures: readonly Error[]): OwnerStatus {
  if (failures.length === 0) return status;
  const messages = [...new Set(failures.map(({ message }) => message))];
  const more = messages.length - mostMessages;
  const text = [...messages.slice(0, mostMessages), ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
  const conditions = status.conditions.map((condition) => {
    if (condition.type !== "Degraded") return condition;
    return condition.status === "True"
      ? { ...condition, message: `${condition.message}; ${text}` }
      : { ...condition, status: "True" as const, reason: "ActionFailed", message: text };
  });
  return { ...status, conditions };
}

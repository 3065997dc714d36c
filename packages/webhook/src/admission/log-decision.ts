import type { Logger } from "@cocoonstack/common/log";
import type { DecisionRecord } from "./decision-record.js";

/**
 * One line for each decision: a refusal at `info`, because it is the webhook's work; a check that could not be made at
 * `warn`; the rest at `debug`.
 */
export function logDecision(log: Logger, { message = "admitted", ...fields }: DecisionRecord): void {
  const level = levels[fields.result];
  if (log.isLevelEnabled(level)) log[level](fields, message);
}

const levels = { allow: "debug", skip: "debug", deny: "info", error: "warn" } as const;

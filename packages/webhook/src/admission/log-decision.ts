import type { Logger } from "@cocoonstack/common/log";
import type { Decision } from "../policy/index.js";
import type { DecisionRecord } from "./decision-record.js";

/**
 * One line for each decision: a refusal at `info`, because it is the webhook's work; a check that could not be made at
 * `warn`; the rest at `debug`.
 */
export function logDecision(log: Logger, { message = "admitted", ...fields }: DecisionRecord): void {
  log[levels[fields.result]](fields, message);
}

/** Whether the decision's line would be written at all. */
export const isLogged = (log: Logger, { outcome }: Decision): boolean => log.isLevelEnabled(levels[outcome]);

const levels = { allow: "debug", skip: "debug", deny: "info", error: "warn" } as const;

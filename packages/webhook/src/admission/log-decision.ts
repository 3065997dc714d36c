import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import type { Logger } from "@cocoonstack/common/log";
import type { Decision } from "../policy/index.js";

/**
 * One line for each decision: a refusal at `info`, because it is the webhook's work; a check that could not be made at
 * `warn`; the rest at `debug`. Never the object: it may hold secrets.
 */
export function logDecision(
  log: Logger,
  handler: string,
  request: AdmissionRequest,
  decision: Decision,
): void {
  const level = levels[decision.outcome];
  if (!log.isLevelEnabled(level)) return;
  const { uid, kind, namespace, name, operation, subResource, userInfo, dryRun } = request;
  log[level](
    {
      handler,
      result: decision.outcome,
      reason: decision.reason,
      uid,
      user: userInfo.username,
      operation,
      kind: kind.kind,
      ...(subResource === "" ? {} : { subResource, resource: request.resource.resource }),
      namespace,
      name,
      ...(dryRun ? { dryRun } : {}),
    },
    "message" in decision ? decision.message : "admitted",
  );
}

const levels = { allow: "debug", skip: "debug", deny: "info", error: "warn" } as const;

import { type AdmissionResponse, allow, deny } from "@cocoonstack/common/k8s/admission";
import type { Decision } from "../policy/index.js";

type Refusal = Extract<Decision, { outcome: "deny" }>;
type Failure = Extract<Decision, { outcome: "error" }>;

/** The decision as the API server gets it: the code and reason of a refusal reach the caller unchanged. */
export function answerOf(decision: Decision): AdmissionResponse {
  switch (decision.outcome) {
    case "allow":
      return allow(
        decision.warnings === undefined ? {} : { warnings: decision.warnings.map(({ message }) => message) },
      );
    case "skip":
      return allow();
    case "deny":
      return refuse(decision);
    case "error":
      return deny(decision.message, failureStatus[decision.reason]);
  }
}

function refuse({ message, invalid }: Refusal): AdmissionResponse {
  if (invalid === undefined) return deny(message, { code: 403, reason: "Forbidden" });
  const causes = invalid.violations.map(({ field, kind, message: text }) => ({
    reason: kind,
    message: text,
    field,
  }));
  return deny(message, { code: 422, reason: "Invalid", details: { ...invalid.subject, causes } });
}

const failureStatus: Record<Failure["reason"], { readonly code: number; readonly reason: string }> = {
  "parent-unavailable": { code: 503, reason: "ServiceUnavailable" },
  "hibernations-unavailable": { code: 503, reason: "ServiceUnavailable" },
  "hibernation-unreadable": { code: 500, reason: "InternalError" },
  "no-cluster": { code: 503, reason: "ServiceUnavailable" },
  internal: { code: 500, reason: "InternalError" },
};

import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { kindCocoonSet } from "@cocoonstack/common/meta";
import type { Decision } from "../policy/index.js";
import { decisionsOn } from "./decisions.js";
import { fieldOf } from "./deciding-field.js";
import type { Breach } from "./finding.js";

/** What the webhook would refuse or warn of, each thing once. */
export async function policyBreaches(
  request: AdmissionRequest,
  hibernations: readonly unknown[],
): Promise<readonly Breach[]> {
  const decisions = await decisionsOn(request, hibernations);
  const breaches = decisions.flatMap((decision) => breachesOf(request, decision));
  // A pod is asked about twice on its way.
  return [
    ...new Map(
      breaches.map((breach) => [`${breach.rule} ${breach.field} ${breach.message}`, breach]),
    ).values(),
  ];
}

function breachesOf(request: AdmissionRequest, decision: Decision): readonly Breach[] {
  switch (decision.outcome) {
    case "allow": {
      const rule = request.kind.kind === kindCocoonSet ? "cocoonset-warning" : "workload-warning";
      return (decision.warnings ?? []).map((warning) => ({
        rule,
        field: fieldOf(rule, request),
        ...warning,
      }));
    }
    case "deny": {
      const { reason: rule, message, invalid } = decision;
      return (
        invalid?.violations.map((violation) => ({
          rule,
          field: violation.field,
          message: violation.message,
        })) ?? [{ rule, field: fieldOf(rule, request), message }]
      );
    }
    case "error":
      // Everything that the policies ask for was given to them.
      throw new Error(`undecided: ${decision.message}`);
    case "skip":
      return [];
  }
}

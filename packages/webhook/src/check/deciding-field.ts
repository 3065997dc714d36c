import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { hasCocoonTolerationKey, type TolerationLike } from "@cocoonstack/common/meta";
import { asObject } from "../policy/index.js";
import type { RuleId } from "../rules/index.js";

/** The field to look at for a rule whose messages are about the whole object. */
export function fieldOf(rule: RuleId, { kind, object }: AdmissionRequest): string {
  switch (rule) {
    case "stray-pod":
    case "untrusted-creator":
      return tolerationIn(object, "spec");
    case "workload-warning":
    case "toleration-removed":
      return tolerationIn(
        object,
        kind.kind === "CronJob" ? "spec.jobTemplate.spec.template.spec" : "spec.template.spec",
      );
    case "scale-down":
      return "spec.replicas";
    case "ordinals-removed":
      return "spec.ordinals.start";
    default:
      return "spec";
  }
}

/** The toleration that makes VMs of pods; the pod specification where there is none. */
function tolerationIn(object: unknown, podSpec: string): string {
  let found = object;
  for (const key of podSpec.split(".")) found = asObject(found)?.[key];
  const tolerations = asObject(found)?.["tolerations"];
  const index = Array.isArray(tolerations)
    ? tolerations.findIndex((toleration: TolerationLike | null) => hasCocoonTolerationKey([toleration]))
    : -1;
  return index === -1 ? podSpec : `${podSpec}.tolerations[${index}]`;
}

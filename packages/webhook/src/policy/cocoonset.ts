import { decodeCocoonSet } from "@cocoonstack/common/apis/v1";
import { apiGroup, kindCocoonSet } from "@cocoonstack/common/meta";
import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { cocoonSetViolations } from "./cocoonset-rules.js";
import { allow, type Decision, denyInvalid, skip } from "./decision.js";
import { asObject, jsonEqual } from "./json.js";
import { subjectOf } from "./subject.js";

/**
 * A CocoonSet that is created, or whose spec changes, keeps all rules, or is refused with everything that is wrong with
 * it at once. An update that leaves the spec alone is allowed whatever the spec holds: an object that was stored before
 * a rule existed can still be labelled, lose its finalizers and be deleted.
 */
export function decideCocoonSet(request: AdmissionRequest): Decision {
  if (request.kind.kind !== kindCocoonSet || request.kind.group !== apiGroup) return skip("other-kind");
  switch (request.operation) {
    case "UPDATE":
      return specUnchanged(request) ? allow("spec-unchanged") : judge(request);
    case "CREATE":
      return judge(request);
    case "DELETE":
    case "CONNECT":
      return allow("operation-exempt");
  }
}

/** Compared as JSON, before anything is decoded: an old object may not decode any more. */
function specUnchanged({ object, oldObject }: AdmissionRequest): boolean {
  const [now, before] = [asObject(object), asObject(oldObject)];
  return now !== undefined && before !== undefined && jsonEqual(now["spec"], before["spec"]);
}

function judge(request: AdmissionRequest): Decision {
  const decoded = decodeCocoonSet(request.object);
  if (!decoded.ok) {
    const { path: field, message } = decoded;
    return denyInvalid("undecodable", subjectOf(request, kindCocoonSet), [
      { field, kind: "FieldValueInvalid", message },
    ]);
  }
  const violations = cocoonSetViolations(decoded.value.spec ?? {});
  return violations.length === 0
    ? allow("valid")
    : denyInvalid("invalid-spec", subjectOf(request, kindCocoonSet), violations);
}

import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { apiGroup, kindCocoonHibernation, kindCocoonSet } from "@cocoonstack/common/meta";
import { guardedKinds, unscaledKinds, type WorkloadKind } from "../policy/index.js";
import type { Subject } from "./subject.js";

const kinds: readonly WorkloadKind[] = [
  ...guardedKinds,
  ...unscaledKinds,
  { kind: "Pod", group: "", resource: "pods" },
  { kind: kindCocoonSet, group: apiGroup, resource: "cocoonsets" },
  { kind: kindCocoonHibernation, group: apiGroup, resource: "cocoonhibernations" },
];

/**
 * What an API server would ask about an object: CREATE, or UPDATE where there is an old one. Undefined for a kind that no
 * rule is about. Who asks is not known from files, so the user has no name.
 */
export function requestFor(
  { group, version, kind, namespace, name, object }: Subject,
  oldObject?: unknown,
): AdmissionRequest | undefined {
  const known = kinds.find((candidate) => candidate.kind === kind && candidate.group === group);
  if (known === undefined || version !== "v1") return undefined;
  return {
    uid: "check",
    kind: { group, version, kind },
    resource: { group, version, resource: known.resource },
    subResource: "",
    name,
    namespace,
    operation: oldObject === undefined ? "CREATE" : "UPDATE",
    userInfo: { username: "", uid: "", groups: [] },
    object,
    ...(oldObject === undefined ? {} : { oldObject }),
    dryRun: true,
  };
}

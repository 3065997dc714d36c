import type { AdmissionRequest } from "@cocoonstack/common/k8s/admission";
import { apiGroup } from "@cocoonstack/common/meta";
import type { Subject } from "./decision.js";
import { asObject } from "./json.js";

/**
 * The object of our API group that a request is about. An object with `generateName` may have its name in the metadata
 * only, or none at all yet; then it goes by the prefix.
 */
export function subjectOf({ name, object }: AdmissionRequest, kind: string): Subject {
  const metadata = asObject(asObject(object)?.["metadata"]);
  const [own, prefix] = [metadata?.["name"], metadata?.["generateName"]];
  const names = [name, own, typeof prefix === "string" ? `${prefix}*` : ""];
  const known = names.find((candidate) => typeof candidate === "string" && candidate !== "");
  return { group: apiGroup, kind, name: typeof known === "string" ? known : "" };
}

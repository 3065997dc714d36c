import { hasCocoonTolerationKey, type TolerationLike } from "@cocoonstack/common/meta";
import { asObject, type JsonObject } from "./json.js";

/**
 * Whether a pod specification (of a pod, or of a workload's template) has the cocoon toleration; undefined where it is no
 * pod specification. Only the part that decides is looked at.
 */
export function podSpecIsCocoon(podSpec: unknown): boolean | undefined {
  const tolerations = asObject(podSpec)?.["tolerations"] ?? [];
  if (asObject(podSpec) === undefined || !isTolerations(tolerations)) return undefined;
  return hasCocoonTolerationKey(tolerations);
}

function isTolerations(value: unknown): value is readonly TolerationLike[] {
  return Array.isArray(value) && value.every((item) => isToleration(asObject(item)));
}

const isToleration = (toleration: JsonObject | undefined): boolean =>
  toleration !== undefined && typeof (toleration["key"] ?? "") === "string";

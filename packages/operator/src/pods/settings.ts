import { applyVMSpec, specAnnotations, vmAnnotations } from "@cocoonstack/common/meta";
import type { AnnotationChanges, PodView } from "../model/index.js";
import type { Member } from "./member.js";
import { annotationOf } from "./pod-state.js";

/** Settings that the node reads when it needs them: a VM need not be replaced for them. */
const keys = [
  specAnnotations.snapshotPolicy,
  specAnnotations.forcePull,
  vmAnnotations.probePort,
  vmAnnotations.connType,
] as const;

/** What has to change on a pod for its settings to be those of its member; empty where they are. */
export function settingChanges(pod: PodView, member: Member): AnnotationChanges {
  const wanted = applyVMSpec({}, member.vm);
  const stale = keys.filter((key) => annotationOf(pod, key) !== (wanted[key] ?? ""));
  return Object.fromEntries(stale.map((key) => [key, wanted[key] ?? null]));
}

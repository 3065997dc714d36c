import { type AnnotationChanges, ownerAnnotations } from "../model/index.js";

/** The names of the VMs that leave, by the annotation of their set. */
export const readLeaving = (annotations: Readonly<Record<string, string>>): ReadonlySet<string> =>
  new Set((annotations[ownerAnnotations.leaving] ?? "").split(",").filter((name) => name !== ""));

/** The annotation for other names. */
export function leavingChanges(names: ReadonlySet<string>): AnnotationChanges {
  return { [ownerAnnotations.leaving]: names.size === 0 ? null : [...names].sort().join(",") };
}

import { type Annotated, type Annotations, annotationOf, annotationsWithout } from "./annotated.js";
import { vmAnnotations } from "./keys.js";

/**
 * The annotations of a pod that is asked to hibernate (`true`), or to wake, which deletes the key; the pod stays as it is.
 *
 * @example
 * ```ts
 * applyHibernateState({}, true); // { "vm.cocoonstack.io/hibernate": "true" }
 * ```
 */
export function applyHibernateState(object: Annotated, hibernate: boolean): Annotations {
  const others = annotationsWithout(object, vmAnnotations.hibernate);
  return hibernate ? { ...others, [vmAnnotations.hibernate]: "true" } : others;
}

/**
 * Whether a pod is asked to hibernate: its annotation is exactly `true`.
 *
 * @example
 * ```ts
 * readHibernateState({ metadata: { annotations: { "vm.cocoonstack.io/hibernate": "yes" } } }); // false
 * ```
 */
export const readHibernateState = (object: Annotated): boolean =>
  annotationOf(object, vmAnnotations.hibernate) === "true";

import { type Annotated, type Annotations, annotationOf, annotationsOf } from "./annotated.js";
import { parseGoInteger } from "./go-integer.js";
import { specAnnotations } from "./keys.js";

/** The generation in an annotation; 0 where it is missing or no 64-bit integer. */
export const generationOf = (object: Annotated, key: string): number =>
  parseGoInteger(annotationOf(object, key), 64) ?? 0;

/**
 * The generation of the CocoonSet that the operator stamped on a pod; 0 where it is missing or no integer.
 *
 * @example
 * ```ts
 * readCocoonSetGeneration({ metadata: { annotations: { "cocoonset.cocoonstack.io/generation": "7" } } }); // 7
 * ```
 */
export const readCocoonSetGeneration = (object: Annotated): number =>
  generationOf(object, specAnnotations.generation);

/**
 * The annotations of a pod with the generation of its CocoonSet stamped on them; the pod stays as it is. The node echoes
 * it as the observed generation, so that a client can tell the end of its own operation from that of an older one,
 * whatever the clocks say.
 *
 * @example
 * ```ts
 * stampCocoonSetGeneration({}, 7); // { "cocoonset.cocoonstack.io/generation": "7" }
 * ```
 */
export const stampCocoonSetGeneration = (object: Annotated, generation: number): Annotations => ({
  ...annotationsOf(object),
  [specAnnotations.generation]: String(generation),
});

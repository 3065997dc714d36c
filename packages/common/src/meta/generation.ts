import { type Annotated, type Annotations, annotationOf, annotationsOf } from "./annotated.js";
import { parseGoInteger } from "./go-integer.js";
import { specAnnotations } from "./keys.js";

/** The generation in an annotation; 0 where it is missing or no 64-bit integer. */
export const generationOf = (object: Annotated, key: string): number =>
  parseGoInteger(annotationOf(object, key), 64) ?? 0;

/**
 * A generation as an annotation holds it. Go's type for one is `int64`, which has no fractions; and a number beyond 2^53 may
 * stand for its neighbour, so that another generation than the one that was meant would be written.
 *
 * @throws {RangeError} when it is no integer, or too large for a number to hold exactly.
 */
export function generationText(generation: number): string {
  if (!Number.isSafeInteger(generation)) {
    throw new RangeError(`a generation must be an integer below 2^53, not ${generation}`);
  }
  return String(generation);
}

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
 * @throws {RangeError} when the generation is no integer, or too large for a number to hold exactly.
 *
 * @example
 * ```ts
 * stampCocoonSetGeneration({}, 7); // { "cocoonset.cocoonstack.io/generation": "7" }
 * ```
 */
export const stampCocoonSetGeneration = (object: Annotated, generation: number): Annotations => ({
  ...annotationsOf(object),
  [specAnnotations.generation]: generationText(generation),
});

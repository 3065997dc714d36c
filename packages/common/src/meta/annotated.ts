/**
 * Annotations or labels of a Kubernetes object.
 *
 * @example
 * ```ts
 * const annotations: Annotations = { [specAnnotations.os]: "windows" };
 * ```
 */
export type Annotations = Readonly<Record<string, string>>;

/**
 * The part of an object that holds its annotations; a pod of any client, or parsed JSON, fits.
 *
 * @example
 * ```ts
 * const pod: Annotated = { metadata: { annotations: { [specAnnotations.os]: "windows" } } };
 * isWindowsPod(pod); // true
 * ```
 */
export interface Annotated {
  readonly metadata?: { readonly annotations?: Annotations | null | undefined } | null | undefined;
}

/** The annotations of an object; none where it has no map. */
export const annotationsOf = (object: Annotated): Annotations => object.metadata?.annotations ?? {};

/** The annotations of an object, but for one. */
export const annotationsWithout = (object: Annotated, key: string): Annotations =>
  Object.fromEntries(Object.entries(annotationsOf(object)).filter(([other]) => other !== key));

/** The value of an annotation, empty where it is missing, as in Go. */
export const annotationOf = (object: Annotated, key: string): string => annotationsOf(object)[key] ?? "";

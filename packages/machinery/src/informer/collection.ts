/**
 * Which objects: a collection of the API, perhaps a part of it.
 *
 * @example
 * ```ts
 * const pods: Collection = { path: "/api/v1/pods", labelSelector: "cocoonset.cocoonstack.io/name" };
 * ```
 */
export interface Collection {
  /** Of the whole cluster or of a namespace: `/api/v1/namespaces/shop/pods`. */
  readonly path: string;
  /** What the server leaves out is neither sent nor kept. */
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

/** The path of a list or a watch of `collection`. */
export function pathOf(
  { path, labelSelector, fieldSelector }: Collection,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ labelSelector, fieldSelector, ...parameters })) {
    if (value !== undefined) query.set(name, value);
  }
  return `${path}?${query.toString()}`;
}

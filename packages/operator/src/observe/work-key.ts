/**
 * What one pass works on: a CocoonSet with the CocoonHibernations for its pods, or the CocoonHibernations for a pod that has no set. Both
 * plans of one set are made under one key, so that they never run at the same time.
 */
export interface WorkKey {
  readonly kind: "set" | "pod";
  readonly namespace: string;
  /** Of the set, or of the pod. */
  readonly name: string;
}

/**
 * A key as the work queue has it.
 *
 * @example
 * ```ts
 * keyText({ kind: "set", namespace: "shop", name: "demo" }); // "set/shop/demo"
 * ```
 */
export const keyText = ({ kind, namespace, name }: WorkKey): string => `${kind}/${namespace}/${name}`;

/** The other way round than {@link keyText}. */
export function parseKey(text: string): WorkKey {
  const [kind, namespace = "", name = ""] = text.split("/");
  return { kind: kind === "pod" ? "pod" : "set", namespace, name };
}

import { tolerationKey } from "./keys.js";

/**
 * The part of a toleration that decides; `null` is what a JSON document may hold for an absent field.
 *
 * @example
 * ```ts
 * const tolerations: TolerationLike[] = [{ key: tolerationKey }];
 * hasCocoonTolerationKey(tolerations); // true
 * ```
 */
export interface TolerationLike {
  readonly key?: string | null | undefined;
}

/**
 * Whether one of the tolerations has the cocoon key, which makes the pod a VM. The key is compared as it stands: another
 * case or a space beside it is another key, for Kubernetes as well.
 *
 * @example
 * ```ts
 * hasCocoonTolerationKey([{ key: "virtual-kubelet.io/provider" }]); // true
 * hasCocoonTolerationKey([{}]); // false: an empty key tolerates everything, and is not a request for a VM
 * ```
 */
export function hasCocoonTolerationKey(
  tolerations: readonly (TolerationLike | null | undefined)[] | null | undefined,
): boolean {
  return tolerations?.some((toleration) => toleration?.key === tolerationKey) ?? false;
}

import { kindCocoonSet } from "./keys.js";

/**
 * The part of an owner reference that decides; `null` is what a JSON document may hold for an absent field.
 *
 * @example
 * ```ts
 * const owners: OwnerReferenceLike[] = [{ kind: "ReplicaSet", name: "web-5d4f8c7b9" }];
 * isOwnedByCocoonSet(owners); // false
 * ```
 */
export interface OwnerReferenceLike {
  readonly kind?: string | null | undefined;
  readonly name?: string | null | undefined;
}

// In a list, too, `null` is to Go's decoder an item that says nothing.
type OwnerReferences<T> = readonly (T | null | undefined)[] | null | undefined;

/**
 * Whether one of the owner references is of kind `CocoonSet`, whatever its group: that is the contract between the
 * components. An admission decision also has to look at the group, because anyone can define a kind of that name.
 *
 * @example
 * ```ts
 * isOwnedByCocoonSet([{ kind: "CocoonSet" }]); // true
 * ```
 */
export function isOwnedByCocoonSet(owners: OwnerReferences<Pick<OwnerReferenceLike, "kind">>): boolean {
  return owners?.some((owner) => owner?.kind === kindCocoonSet) ?? false;
}

/**
 * The name of the Deployment behind a pod: that of the first ReplicaSet owner with a `-` in its name, cut at the last
 * `-`, because the Deployment controller appends `-HASH`. Undefined where there is none.
 *
 * @example
 * ```ts
 * ownerDeploymentName([{ kind: "ReplicaSet", name: "web-5d4f8c7b9" }]); // "web"
 * ```
 */
export function ownerDeploymentName(owners: OwnerReferences<OwnerReferenceLike>): string | undefined {
  const replicaSets = owners?.filter((owner) => owner?.kind === "ReplicaSet");
  const name = replicaSets?.map((owner) => owner?.name ?? "").find((text) => text.includes("-"));
  return name?.slice(0, name.lastIndexOf("-"));
}

import type { CocoonSet, CocoonSetSpec, CocoonSetStatus, Decoded } from "@cocoonstack/common/apis/v1";
import type { Annotations } from "@cocoonstack/common/meta";

/** A CocoonSet as it was observed, with what every set has where it says nothing. */
export interface SetView {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly isDeleting: boolean;
  readonly finalizers: readonly string[];
  readonly annotations: Annotations;
  readonly spec: Decoded<CocoonSetSpec>;
  readonly status: Decoded<CocoonSetStatus>;
}

/** What a decoded list holds, without the items that say nothing. */
export const itemsOf = <T>(list: readonly (T | null | undefined)[] | null | undefined): readonly T[] =>
  (list ?? []).filter((item): item is NonNullable<typeof item> => item !== null && item !== undefined);

/** What a decoded map holds, without the keys that have no value. */
export function entriesOf<T>(
  map: Readonly<Record<string, T | null | undefined>> | null | undefined,
): Record<string, T> {
  const found: Record<string, T> = {};
  for (const [key, value] of Object.entries(map ?? {})) {
    if (value !== null && value !== undefined) found[key] = value;
  }
  return found;
}

/** The view of a CocoonSet as the API has it. */
export function readSet({ metadata, spec, status }: Decoded<CocoonSet>): SetView {
  return {
    ...identityOf(metadata),
    spec: spec ?? {},
    status: status ?? {},
  };
}

type Metadata = Decoded<CocoonSet>["metadata"];

/** What sets and hibernations have alike. */
export type IdentityView = Omit<SetView, "spec" | "status">;

/** Name, version and marks of an object. */
export function identityOf(metadata: Metadata): IdentityView {
  const text = (key: "namespace" | "name" | "uid" | "resourceVersion"): string => metadata?.[key] ?? "";
  return {
    namespace: text("namespace"),
    name: text("name"),
    uid: text("uid"),
    resourceVersion: text("resourceVersion"),
    generation: metadata?.generation ?? 0,
    isDeleting: (metadata?.deletionTimestamp ?? "") !== "",
    finalizers: itemsOf(metadata?.finalizers),
    annotations: entriesOf(metadata?.annotations),
  };
}

/** Number of sub-agents that a set asks for. */
export const replicasOf = ({ spec }: Pick<SetView, "spec">): number => spec.agent?.replicas ?? 0;

/** Whether a set asks all its VMs to hibernate. */
export const isSuspended = ({ spec }: Pick<SetView, "spec">): boolean => spec.suspend ?? false;

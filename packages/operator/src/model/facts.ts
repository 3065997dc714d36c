import type { defaultSnapshotTag, hibernateSnapshotTag } from "@cocoonstack/common/meta";

/** The tags that the operator knows. */
export type SnapshotTag = typeof hibernateSnapshotTag | typeof defaultSnapshotTag;

/** One tag of the repository of one VM. */
export interface TagRef {
  readonly vmName: string;
  readonly tag: SnapshotTag;
}

/**
 * What the registry said of a tag. An answer counts for the round that asked for it and is not kept for the next one: what
 * is absent now may be pushed while somebody waits.
 */
export type TagFact =
  | {
      readonly state: "present";
      /** Digest of the manifest, such as `sha256:9f86…`. */
      readonly digest: string;
      /** What the registry said when the tag was last to be deleted, if it refused. */
      readonly refusal?: string;
      /** Why the tag could not be deleted when that was last tried, if that may be different the next time. */
      readonly failure?: string;
    }
  | { readonly state: "absent" }
  /** The registry did not answer, or not usably. */
  | { readonly state: "unknown"; readonly message: string };

/** What was asked in this round, by {@link tagKey}; what is not in it was not asked. */
export type TagFacts = ReadonlyMap<string, TagFact>;

/** `NAME:TAG`, the key of a tag. */
export const tagKey = ({ vmName, tag }: TagRef): string => `${vmName}:${tag}`;

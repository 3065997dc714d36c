import { type KnownTags, shortDigest } from "./records.js";

/** What holds the last state of a VM whose pod is gone. */
export type Newest =
  /** The hibernation snapshot of this digest. */
  | { readonly in: "hibernate"; readonly digest: string }
  /** What its node saved as the pod went; or nothing, of a VM that was never saved. */
  | { readonly in: "latest" }
  /** A snapshot that is gone from the registry. */
  | { readonly in: "nothing" }
  /** The one or the other, and nothing tells which. */
  | { readonly in: "either" };

/** The digests of the tags of one VM; undefined where there is no such tag. */
export interface TagDigests {
  readonly hibernate: string | undefined;
  readonly latest: string | undefined;
}

/**
 * What holds the last state of a VM that was on its way into its snapshot or out of it when its pod went. A node that still had the VM has saved it as
 * `latest`, which is newer than any snapshot of before; one on which it slept has not, and then `latest` is of an earlier life.
 *
 * @example
 * newestOf({ digest: "sha256:a", latest: "" }, { hibernate: "sha256:a", latest: "sha256:b" }); // { in: "latest" }
 */
export function newestOf(known: KnownTags, { hibernate, latest }: TagDigests): Newest {
  if (hibernate === undefined) return withoutSnapshot(known, latest);
  if (latest === undefined || latest === hibernate) return { in: "hibernate", digest: hibernate };
  // The snapshot of before, given that tag by the operator: this one came after it.
  if (latest === known.digest) return { in: "hibernate", digest: hibernate };
  if (known.latest === undefined) return { in: "either" };
  return isOld(known, latest) ? { in: "hibernate", digest: hibernate } : { in: "latest" };
}

function withoutSnapshot(known: KnownTags, latest: string | undefined): Newest {
  const isBefore = latest === undefined || (latest !== known.digest && isOld(known, latest));
  return known.digest !== undefined && isBefore ? { in: "nothing" } : { in: "latest" };
}

/** Whether a `latest` is neither what was there before the VM went to sleep, nor its snapshot. */
export const cameSince = (known: KnownTags, latest: string | undefined): boolean =>
  latest !== undefined &&
  known.latest !== undefined &&
  latest !== known.digest &&
  shortDigest(latest) !== known.latest;

/** Whether it was there before the VM went to sleep. */
const isOld = (known: KnownTags, latest: string): boolean => shortDigest(latest) === known.latest;

import { type AnnotationChanges, ownerAnnotations, timeText } from "../model/index.js";

/**
 * How far a VM is on its way into its hibernation snapshot, and back:
 *
 * - `saving`: it was, or is about to be, asked to hibernate; its snapshot may or may not be there.
 * - `saved`: the snapshot is there, and nothing else holds the VM's state.
 * - `waking`: it was, or is about to be, asked to wake; until it runs, nothing but the snapshot holds its state.
 * - `collecting`: it runs, for certain, or its state is not wanted any more; the snapshot is left over and goes.
 *
 * A VM without a record runs, or was never there.
 */
const snapshotStates = ["saving", "saved", "waking", "collecting"] as const;

/** One of the {@link snapshotStates}. */
export type SnapshotState = (typeof snapshotStates)[number];

/** What is known of the hibernation snapshot of one VM. It is written before whatever it speaks of is done. */
export interface SnapshotRecord {
  readonly state: SnapshotState;
  /** When the state began, RFC 3339. */
  readonly since: string;
  /** Digest of the snapshot's manifest, once the registry has named it. */
  readonly digest?: string;
  /**
   * What `latest` was when the VM was last known to be with its pod, by {@link shortDigest}, and empty where there was none: a `latest`
   * that differs was saved since, by the node of a pod that went. Not known where the registry did not say.
   */
  readonly latest?: string;
}

/** What a {@link SnapshotRecord} knows of the registry. */
export type KnownTags = Pick<SnapshotRecord, "digest" | "latest">;

/** Records by the names of their VMs. */
export type SnapshotRecords = ReadonlyMap<string, SnapshotRecord>;

const isRecord = (value: unknown): value is SnapshotRecord => {
  if (typeof value !== "object" || value === null) return false;
  const { state, since, digest, latest } = value as Partial<Record<keyof SnapshotRecord, unknown>>;
  return (
    snapshotStates.some((known) => known === state) &&
    typeof since === "string" &&
    [digest, latest].every((text) => text === undefined || typeof text === "string")
  );
};

/**
 * The records in an annotation of a CocoonSet or CocoonHibernation; undefined where somebody has made it unreadable, which
 * must not be taken for "no VM sleeps".
 *
 * @example
 * readRecords({})?.size; // 0
 */
export function readRecords(annotations: Readonly<Record<string, string>>): SnapshotRecords | undefined {
  const text = annotations[ownerAnnotations.snapshots] ?? "";
  if (text === "") return new Map();
  const parsed = parseJson(text);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
  const entries: (readonly [string, unknown])[] = Object.entries(parsed);
  const known = entries.filter((entry): entry is [string, SnapshotRecord] => isRecord(entry[1]));
  return known.length === entries.length ? new Map(known) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The annotation with some records changed, and without those that are to go (`null`). */
export function recordChanges(
  records: SnapshotRecords,
  changes: ReadonlyMap<string, SnapshotRecord | null>,
): AnnotationChanges {
  const next = new Map(records);
  for (const [vmName, record] of changes) {
    if (record === null) next.delete(vmName);
    else next.set(vmName, record);
  }
  const sorted = [...next].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = sorted.length === 0 ? null : JSON.stringify(Object.fromEntries(sorted));
  return { [ownerAnnotations.snapshots]: text };
}

/** A record of a state that begins now; what is known of the tags stays known. */
export const recordOf = (
  state: SnapshotState,
  nowMs: number,
  { digest, latest }: KnownTags = {},
): SnapshotRecord => ({
  state,
  since: timeText(nowMs),
  ...(digest !== undefined && { digest }),
  ...(latest !== undefined && { latest }),
});

/**
 * What is known once the snapshot turns out to have another digest. What `latest` is may be the snapshot of before then, which says nothing
 * any more.
 */
export const withDigest = (known: KnownTags, digest: string): KnownTags =>
  known.digest === undefined || known.digest === digest ? { ...known, digest } : { digest };

/** The beginning of a digest's hash: enough to tell one of a VM's snapshots from the next, and short, because a thousand records share an annotation. */
export const shortDigest = (digest: string): string => digest.slice(digest.indexOf(":") + 1).slice(0, 12);

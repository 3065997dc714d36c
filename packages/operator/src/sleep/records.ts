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
}

/** Records by the names of their VMs. */
export type SnapshotRecords = ReadonlyMap<string, SnapshotRecord>;

const isRecord = (value: unknown): value is SnapshotRecord => {
  if (typeof value !== "object" || value === null) return false;
  const { state, since, digest } = value as Partial<Record<keyof SnapshotRecord, unknown>>;
  return (
    snapshotStates.some((known) => known === state) &&
    typeof since === "string" &&
    (digest === undefined || typeof digest === "string")
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

/** A record of a state that begins now; the digest stays known as long as that snapshot may be there. */
export const recordOf = (state: SnapshotState, nowMs: number, digest?: string): SnapshotRecord => ({
  state,
  since: timeText(nowMs),
  ...(digest !== undefined && { digest }),
});

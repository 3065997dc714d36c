import { type AnnotationChanges, ownerAnnotations } from "../model/index.js";

/** How often the pod of one slot or toolbox was rebuilt. */
export interface RebuildEntry {
  readonly count: number;
  /** When the last rebuild was decided, RFC 3339. */
  readonly lastDeleted: string;
  /** The pod that was then given up; empty in the entries of other operators. */
  readonly uid: string;
}

/** By slot, in decimal, or by the name of the toolbox, which never is all digits. */
export type RebuildHistory = ReadonlyMap<string, RebuildEntry>;

function entryOf(value: unknown): RebuildEntry | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { count, lastDeleted, uid } = value as Readonly<Record<string, unknown>>;
  if (typeof count !== "number" || typeof lastDeleted !== "string") return undefined;
  return { count, lastDeleted, uid: typeof uid === "string" ? uid : "" };
}

/** The history in the annotation of a CocoonSet. What cannot be read is empty: it costs a few rebuilds, and no state. */
export function readHistory(annotations: Readonly<Record<string, string>>): RebuildHistory {
  const found = new Map<string, RebuildEntry>();
  for (const [slot, value] of Object.entries(parseJson(annotations[ownerAnnotations.rebuildHistory] ?? ""))) {
    const entry = entryOf(value);
    if (entry !== undefined) found.set(slot, entry);
  }
  return found;
}

function parseJson(text: string): object {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** The annotation with some entries changed (`null`: without it), and without those of slots that nobody wants any more. */
export function historyChanges(
  history: RebuildHistory,
  changes: ReadonlyMap<string, RebuildEntry | null>,
  isWanted: (slot: string) => boolean,
): AnnotationChanges {
  const next = Object.fromEntries(
    [...new Map<string, RebuildEntry | null>([...history, ...changes])].filter(
      ([slot, entry]) => entry !== null && isWanted(slot),
    ),
  );
  const text = Object.keys(next).length === 0 ? null : JSON.stringify(next);
  return { [ownerAnnotations.rebuildHistory]: text };
}

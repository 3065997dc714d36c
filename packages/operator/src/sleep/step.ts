import type { Action, AnnotationChanges, TagRef, Trouble } from "../model/index.js";
import type { SnapshotRecord } from "./records.js";

/**
 * What comes next for one VM. A change of its record is written alone: whatever follows from it waits until the written
 * record is observed.
 */
export interface Step {
  /** What the record becomes; `null` where it goes, undefined where it stays. */
  readonly record?: SnapshotRecord | null;
  /** What changes on the pod. */
  readonly pod?: AnnotationChanges;
  readonly actions?: readonly Action[];
  readonly asks?: readonly TagRef[];
  readonly troubles?: readonly Trouble[];
  readonly requeueAfterMs?: number;
  /** Whether nothing remains to be done. */
  readonly isDone?: boolean;
}

/** Nothing remains to be done. */
export const done: Step = { isDone: true };

/** Somebody else is at work, and a watch will tell. */
export const waits: Step = {};

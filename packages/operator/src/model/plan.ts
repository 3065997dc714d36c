import type { CocoonHibernationStatus, CocoonSetStatus } from "@cocoonstack/common/apis/v1";
import type { NewCondition } from "@cocoonstack/common/k8s";
import type { Action } from "./action.js";
import type { TagRef } from "./facts.js";

/**
 * A status to write: its conditions are merged by type, with `setStatusCondition`, which knows what a transition is; all
 * other fields replace those that are stored.
 */
export type PlannedStatus<T> = Omit<T, "conditions"> & { readonly conditions: readonly NewCondition[] };

/** What to do about one object, and what to say of it. */
export interface Plan<Status> {
  /** Facts without which some decision could not be made. Fetch them, and plan again; the actions can be done meanwhile. */
  readonly asks: readonly TagRef[];
  readonly actions: readonly Action[];
  /** Undefined where there is nothing to say, because the object is new or about to go. */
  readonly status: PlannedStatus<Status> | undefined;
}

/** The plan for a CocoonSet. */
export type SetPlan = Plan<CocoonSetStatus>;

/** The plan for a CocoonHibernation. */
export type HibernationPlan = Plan<CocoonHibernationStatus>;

import type { Effect } from "./effect.js";
import type { PodView } from "./pod-view.js";
import type { VM } from "./state.js";

/** What happens to a VM or its pod. */
export type Event =
  /** The pod as the API server has it now. */
  | { readonly type: "seen"; readonly pod: PodView }
  /** The API server has the pod no more. */
  | { readonly type: "gone" }
  /** A step has succeeded. */
  | { readonly type: "done"; readonly effect: Effect; readonly result?: StepResult }
  /** A step has failed; those after it were not begun. */
  | { readonly type: "failed"; readonly effect: Effect; readonly message: string }
  /** All steps have succeeded, or a time that was asked for has come. */
  | { readonly type: "settled" }
  /** The VM is not there any more, and nobody here ended it. */
  | { readonly type: "vanished" }
  /** The VM has stopped; its disk is there. */
  | { readonly type: "stopped" }
  /** The VM has got its address. */
  | { readonly type: "addressed"; readonly ip: string };

/** What comes of a step. */
export interface StepResult {
  /** Of `start`. */
  readonly vm?: VM;
  /** Of `probe`. */
  readonly answers?: boolean;
  /** Of `report` and `echo`: which generation was written with it. */
  readonly generation?: number;
}

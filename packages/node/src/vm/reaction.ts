import type { Effect } from "./effect.js";
import type { VMState } from "./state.js";

/** What comes of an event. */
export interface Reaction {
  readonly state: VMState;
  /** To be carried out in this order; then the agent says `settled`, or which one failed. */
  readonly effects: readonly Effect[];
  /** When the agent shall say `settled` though nothing has happened, by its clock. */
  readonly againMs?: number | undefined;
}

import { ApiError } from "@cocoonstack/common/k8s";

/** What an action came to. */
export type Outcome =
  | { readonly kind: "done" }
  /** Nothing was done, and nothing has to be: this process only says what it would do. */
  | { readonly kind: "left out" }
  /** What was planned by is not so any more: nothing was done, and a new plan is due. */
  | {
      readonly kind: "stale";
      readonly why: string;
      /** A pod of this name is there, which was not known. */
      readonly heldName?: string;
    }
  | {
      readonly kind: "failed";
      readonly error: Error;
      /** Whether it will not be done before somebody changes something: the registry does not want to, or not for this operator. */
      readonly isRefused?: true;
    };

export const done: Outcome = { kind: "done" };

/** What a failed request says of the action that it was for. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof ApiError && (error.status === 409 || error.status === 404)) {
    return { kind: "stale", why: error.message };
  }
  return { kind: "failed", error: error instanceof Error ? error : new Error(String(error)) };
}

import { degraded, itemsOf, type SetView, type Trouble } from "../model/index.js";
import { podNameOf } from "../pods/index.js";
import type { MemberState } from "./report.js";

/** The reason of Degraded from the end of a failure until the main agent is well again. */
const recovering = "MainAgentRecovering";

/**
 * Whether the main agent failed and was not seen well since, by what the stored status says. The phase alone would forget it: a main
 * agent that is made anew is missing and boots before it is well.
 */
export const wasDown = ({ status }: Pick<SetView, "status">): boolean =>
  status.phase === "Failed" || isRecovering(itemsOf(status.conditions));

/** Whether conditions say that the main agent failed and is not well yet. */
export const isRecovering = (conditions: readonly { readonly reason?: string | null }[]): boolean =>
  conditions.some(({ reason }) => reason === recovering);

/**
 * What to say of a main agent that failed, and of which nobody knows that it is up again; undefined where there is nothing of the kind.
 *
 * @param state How the main agent stands; undefined where nobody looked, which is no reason to forget that it failed.
 */
export function recoveryTrouble(set: SetView, state: MemberState | undefined): Trouble | undefined {
  // One that sleeps has been up.
  if (!wasDown(set) || state === "ready" || state === "asleep") return undefined;
  return degraded(recovering, `main agent ${podNameOf(set, 0)} failed, and is not known to run again yet`);
}

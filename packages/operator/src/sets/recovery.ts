import { degraded, itemsOf, type SetView, type Trouble } from "../model/index.js";
import type { MemberReport } from "./report.js";

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

/** What to say of a main agent that has failed, and is on its way up again; undefined where there is nothing of the kind. */
export function recoveryTrouble(set: SetView, { state, member }: MemberReport): Trouble | undefined {
  // One that sleeps has been up.
  if (!wasDown(set) || state === "ready" || state === "asleep") return undefined;
  return degraded(recovering, `main agent ${member.podName} failed, and its VM is not up again yet`);
}

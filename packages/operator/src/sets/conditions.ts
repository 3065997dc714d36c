import type { CocoonSetPhase, ConditionStatus } from "@cocoonstack/common/apis/v1";
import type { NewCondition } from "@cocoonstack/common/k8s";
import {
  inShort,
  ownerAnnotations,
  type progressingReasons,
  type readyReasons,
  type ReasonOf,
  type Trouble,
} from "../model/index.js";
import type { Context } from "./context.js";

/** What the conditions of a CocoonSet are made of. */
export interface Summary {
  readonly phase: CocoonSetPhase;
  readonly ready: { readonly reason: ReasonOf<typeof readyReasons>; readonly message: string };
  readonly progressing: { readonly reason: ReasonOf<typeof progressingReasons>; readonly message: string };
  readonly troubles: readonly Trouble[];
}

/** Messages of what is wrong are for people: after so many, the number of the others is enough. */
const mostMessages = 5;

/** The four conditions of a CocoonSet. */
export function conditionsOf(
  { set }: Context,
  { ready, progressing, troubles }: Summary,
): readonly NewCondition[] {
  const condition = (type: string, isTrue: boolean, reason: string, message: string): NewCondition => {
    const status: ConditionStatus = isTrue ? "True" : "False";
    return { type, status, reason, message, observedGeneration: set.generation };
  };
  const troubled = (type: Trouble["condition"]): NewCondition => {
    const found = troubles.filter((trouble) => trouble.condition === type);
    const message = inShort(
      found.map((trouble) => trouble.message),
      mostMessages,
    );
    return condition(type, found.length > 0, found[0]?.reason ?? "AsExpected", message);
  };
  return [
    condition("Ready", ready.reason === "AllAgentsReady", ready.reason, ready.message),
    condition("Progressing", progressing.reason !== "Stable", progressing.reason, progressing.message),
    troubled("Degraded"),
    troubled("Blocked"),
  ];
}

/** The conditions of a CocoonSet on its way out. */
export const conditionsOfDeletion = (
  context: Context,
  troubles: readonly Trouble[],
): readonly NewCondition[] =>
  conditionsOf(context, {
    phase: "Pending",
    ready: { reason: "Deleting", message: "the CocoonSet is being deleted" },
    progressing: {
      reason: "Deleting",
      message: `pods and snapshots are cleaned up before the CocoonSet goes; the annotation ${ownerAnnotations.forceCleanup}=true lets it go though tags stay behind`,
    },
    troubles,
  });

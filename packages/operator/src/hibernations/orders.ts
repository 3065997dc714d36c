import type { Action, AnnotationChanges, TagRef, Trouble } from "../model/index.js";
import { isTerminating, versionOf } from "../pods/index.js";
import { readRecords, recordChanges, sleepStep, type Step } from "../sleep/index.js";
import { type Context, isInCharge } from "./context.js";

/** What a CocoonHibernation does by itself about a pod that has no set. */
export interface Orders {
  readonly actions: readonly Action[];
  readonly asks: readonly TagRef[];
  readonly troubles: readonly Trouble[];
  readonly requeueAfterMs: number | undefined;
  /** Whether nothing remains to be done. */
  readonly isDone: boolean;
}

const none: Orders = { actions: [], asks: [], troubles: [], requeueAfterMs: undefined, isDone: false };

/** What to do about a pod without a set; the pods of a set are the set's to order about. */
export function ordersOf(context: Context): Orders {
  const { pod, vmName, decider, hibernation, nowMs, record, tags } = context;
  if (!isInCharge(context) || pod === undefined || isTerminating(pod) || vmName === "") return none;
  const owner = { kind: "owner-unchanged", resourceVersion: hibernation.resourceVersion } as const;
  const step = sleepStep({ nowMs, vmName, pod, record, desire: decider.desire, tags, owner });
  const patchPod: readonly Action[] =
    step.pod === undefined ? [] : [{ kind: "patch-pod", ...versionOf(pod), annotations: step.pod }];
  return {
    actions: [...recordPatch(context, step), ...patchPod, ...(step.actions ?? [])],
    asks: step.asks ?? [],
    troubles: step.troubles ?? [],
    requeueAfterMs: step.requeueAfterMs,
    isDone: step.isDone === true,
  };
}

function recordPatch({ hibernation, vmName }: Context, { record }: Step): readonly Action[] {
  if (record === undefined) return [];
  const { uid, resourceVersion, annotations } = hibernation;
  // Records that cannot be read are replaced: there is one VM, and its pod says how it stands.
  const changes: AnnotationChanges = recordChanges(
    readRecords(annotations) ?? new Map(),
    new Map([[vmName, record]]),
  );
  return [{ kind: "patch-owner", uid, resourceVersion, annotations: changes }];
}

import type { CocoonHibernation, CocoonSet, Decoded } from "@cocoonstack/common/apis/v1";
import type { NewCondition } from "@cocoonstack/common/k8s";
import type { Action, Plan, TagFact, TagRef } from "../../../packages/operator/src/model/index.js";
import type { NameOwner } from "../../../packages/operator/src/pods/index.js";
import { planCocoonSet, type SetObservation } from "../../../packages/operator/src/sets/index.js";
import { cocoonSet, nowMs, type SetOptions } from "./objects.js";

/** A plan as tests look at it. */
export interface Planned {
  /** What is done, without events and times to look again. */
  readonly actions: readonly Action[];
  /** The same in short: `create demo-0`, `delete demo-1`, `patch demo-0`, `patch owner`, `delete-tag NAME:TAG`. */
  readonly acts: readonly string[];
  /** `TYPE REASON`. */
  readonly events: readonly string[];
  /** What the events say. */
  readonly told: readonly string[];
  readonly requeueAfterMs: number | undefined;
  readonly asks: readonly TagRef[];
  readonly status: Readonly<Record<string, unknown>>;
  readonly conditions: Readonly<Record<string, NewCondition>>;
}

function inShort(action: Action): readonly string[] {
  switch (action.kind) {
    case "create-pod":
      return [`create ${action.pod.metadata.name}`];
    case "delete-pod":
      return [`delete ${action.name}`];
    case "patch-pod":
      return [`patch ${action.name}`];
    case "patch-owner":
      return ["patch owner"];
    case "retag":
      return [`retag ${action.vmName}:${action.to}`];
    case "delete-tag":
      return [`delete-tag ${action.vmName}:${action.tag}`];
    default:
      return "finalizer" in action ? [action.kind] : [];
  }
}

/** A plan, taken apart. */
export function taken({ actions, asks, status }: Plan<object>): Planned {
  const { conditions = [], ...rest } = (status ?? {}) as { readonly conditions?: readonly NewCondition[] };
  return {
    actions: actions.filter(({ kind }) => kind !== "emit-event" && kind !== "requeue"),
    acts: actions.flatMap(inShort),
    events: actions.flatMap((action) =>
      action.kind === "emit-event" ? [`${action.type} ${action.reason}`] : [],
    ),
    told: actions.flatMap((action) => (action.kind === "emit-event" ? [action.message] : [])),
    requeueAfterMs: actions.find((action) => action.kind === "requeue")?.afterMs,
    asks,
    status: rest,
    conditions: Object.fromEntries(conditions.map((condition) => [condition.type, condition])),
  };
}

/** What tests say of a round: the set by its options, and tags by `NAME:TAG`. */
export interface Round extends SetOptions {
  readonly pods?: SetObservation["pods"];
  readonly hibernations?: readonly Decoded<CocoonHibernation>[];
  readonly tags?: Readonly<Record<string, TagFact>>;
  /** The sets that VM names are left to: `namespace/name`, and why where that is in doubt. */
  readonly taken?: Readonly<Record<string, string | NameOwner>>;
  readonly set?: Decoded<CocoonSet>;
}

/** Plans a CocoonSet. */
export const planned = ({ pods = [], hibernations = [], tags = {}, ...round }: Round): Planned =>
  taken(
    planCocoonSet({
      nowMs,
      set: round.set ?? cocoonSet(round),
      pods,
      hibernations,
      tags: new Map(Object.entries(tags)),
      takenVMNames: new Map(
        Object.entries(round.taken ?? {}).map(([vmName, owner]) => [
          vmName,
          typeof owner === "string" ? { set: owner } : owner,
        ]),
      ),
    }),
  );

/** The annotation in which a set keeps what it knows of snapshots. */
export const recorded = (records: Readonly<Record<string, object>>): Readonly<Record<string, string>> => ({
  "cocoonset.cocoonstack.io/snapshots": JSON.stringify(records),
});

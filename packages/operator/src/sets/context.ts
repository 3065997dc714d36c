import type { CocoonHibernation, CocoonSet, Decoded } from "@cocoonstack/common/apis/v1";
import {
  type HibernationView,
  ownerAnnotations,
  type PodView,
  type Proof,
  readHibernation,
  readSet,
  type SetView,
  type TagFacts,
} from "../model/index.js";
import { type ClassifiedPods, classifyPods, type Names, namesOf, type TakenVMNames } from "../pods/index.js";
import { readLeaving, readRecords, type SnapshotRecords } from "../sleep/index.js";
import { readHistory, type RebuildHistory } from "./rebuild-history.js";

/** What is known when a CocoonSet is planned. Parts of it may be out of date; the proofs of the actions take care of that. */
export interface SetObservation {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  readonly set: Decoded<CocoonSet>;
  /**
   * The pods of the namespace that bear the set's label or one of its pod names, whoever owns them, also those that are about
   * to go.
   */
  readonly pods: readonly PodView[];
  /** All CocoonHibernations of the namespace. */
  readonly hibernations: readonly Decoded<CocoonHibernation>[];
  /** What the registry answered in this round. */
  readonly tags: TagFacts;
  /** The VM names that are another set's; see the function of this name. */
  readonly takenVMNames: TakenVMNames;
}

/** A {@link SetObservation}, read. */
export interface Context {
  readonly nowMs: number;
  readonly set: SetView;
  readonly pods: ClassifiedPods;
  readonly hibernations: readonly HibernationView[];
  readonly tags: TagFacts;
  readonly takenVMNames: TakenVMNames;
  readonly names: Names;
  /** Undefined where the annotation cannot be read. Somebody may have written names into it that are no VMs of this set. */
  readonly records: SnapshotRecords | undefined;
  /** As with the records, not all of them need be the set's. */
  readonly leaving: ReadonlySet<string>;
  readonly history: RebuildHistory;
  /** Names of pods whose lost snapshots were given up. */
  readonly startsFresh: ReadonlySet<string>;
  readonly owner: Proof;
}

/** Reads what was observed. */
export function contextOf(observation: SetObservation): Context {
  const { nowMs, pods, hibernations, tags, takenVMNames } = observation;
  const set = readSet(observation.set);
  return {
    nowMs,
    set,
    pods: classifyPods(pods, set),
    hibernations: hibernations.map(readHibernation),
    tags,
    takenVMNames,
    names: namesOf(set),
    records: readRecords(set.annotations),
    leaving: readLeaving(set.annotations),
    history: readHistory(set.annotations),
    startsFresh: new Set((set.annotations[ownerAnnotations.startFresh] ?? "").split(",")),
    owner: { kind: "owner-unchanged", resourceVersion: set.resourceVersion },
  };
}

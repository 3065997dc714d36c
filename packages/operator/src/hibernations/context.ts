import type { CocoonHibernation, CocoonSet, Decoded } from "@cocoonstack/common/apis/v1";
import { parseVMSpec, vmNameForPod } from "@cocoonstack/common/meta";
import {
  type HibernationView,
  type PodView,
  readHibernation,
  readSet,
  type SetView,
  type TagFacts,
} from "../model/index.js";
import { isOwnPod, namesOwnVM, vmNamesOf } from "../pods/index.js";
import { type Decider, deciderOf, readRecords, type SnapshotRecord } from "../sleep/index.js";

/** What is known when a CocoonHibernation is planned. */
export interface HibernationObservation {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  readonly hibernation: Decoded<CocoonHibernation>;
  /** All CocoonHibernations of the namespace; whether this one is among them does not matter. */
  readonly hibernations: readonly Decoded<CocoonHibernation>[];
  /** The CocoonSets of the namespace. */
  readonly sets: readonly Decoded<CocoonSet>[];
  /** The CocoonSets of other namespaces of which a VM can have the name of its pod's. */
  readonly rivals: readonly Decoded<CocoonSet>[];
  /** The pod that it speaks of, if there is one of that name. */
  readonly pod: PodView | undefined;
  /** What the registry answered in this round. */
  readonly tags: TagFacts;
}

/** A {@link HibernationObservation}, read. */
export interface Context {
  readonly nowMs: number;
  readonly hibernation: HibernationView;
  /** The set of the pod, which does what is decided about it; undefined where it belongs to none. */
  readonly set: SetView | undefined;
  readonly pod: PodView | undefined;
  /** Those to which the VM of a pod without a set may belong as well, by its name. */
  readonly rivals: readonly SetView[];
  /** Empty where there is no VM yet, or the pod names one that is not its own, or not for certain. */
  readonly vmName: string;
  readonly decider: Decider;
  readonly record: SnapshotRecord | undefined;
  readonly tags: TagFacts;
}

/** Reads what was observed. */
export function contextOf({ nowMs, pod, tags, ...observation }: HibernationObservation): Context {
  const hibernation = readHibernation(observation.hibernation);
  const others = observation.hibernations.map(readHibernation).filter(({ uid }) => uid !== hibernation.uid);
  const set = setOf(hibernation, pod, observation.sets);
  const decider = deciderOf(hibernation.podName, set, [hibernation, ...others]);
  const rivals = set === undefined ? observation.rivals.map(readSet) : [];
  const vmName = vmNameOf(hibernation, set, pod, rivals);
  // Of a pod without a set, whoever decides about it keeps the record.
  const keeper = set ?? (decider.by === "hibernation" ? decider.hibernation : hibernation);
  const record = readRecords(keeper.annotations)?.get(vmName);
  return { nowMs, hibernation, set, pod, rivals, vmName, decider, record, tags };
}

/** The set that owns the pod; where the pod is gone, the one that will make it again. */
function setOf(
  { podName }: HibernationView,
  pod: PodView | undefined,
  sets: readonly Decoded<CocoonSet>[],
): SetView | undefined {
  const found = sets.find((set) => {
    const view = readSet(set);
    if (pod !== undefined) return isOwnPod(pod, view);
    return (
      podName.startsWith(`${view.name}-`) && vmNamesOf(set).includes(vmNameForPod(view.namespace, podName))
    );
  });
  return found && readSet(found);
}

function vmNameOf(
  { namespace, podName, status }: HibernationView,
  set: SetView | undefined,
  pod: PodView | undefined,
  rivals: readonly SetView[],
): string {
  if (pod !== undefined) {
    return rivals.length === 0 && namesOwnVM(namespace, pod) ? parseVMSpec(pod).vmName : "";
  }
  return set === undefined ? (status.vmName ?? "") : vmNameForPod(set.namespace, podName);
}

/** Whether this CocoonHibernation decides, or whoever does decides the same. */
export function isHeard({ hibernation, decider }: Context): boolean {
  if (decider.by === "hibernation" && decider.hibernation.uid === hibernation.uid) return true;
  return decider.desire === (hibernation.desire === "Hibernate" ? "asleep" : "awake");
}

/** Whether this CocoonHibernation itself gives the orders: it decides, and the pod has no set that would. */
export const isInCharge = ({ hibernation, decider, set }: Context): boolean =>
  set === undefined && decider.by === "hibernation" && decider.hibernation.uid === hibernation.uid;

/** Who decides instead of a CocoonHibernation that is not heard, in words, and the way out: a suspended set, or an older one. */
export const winnerOf = ({ set, decider }: Context): string =>
  decider.by === "hibernation"
    ? `CocoonHibernation ${decider.hibernation.name} speaks for that pod as well, and is older: change or delete that one, or this`
    : `CocoonSet ${set?.name ?? ""} is suspended: set its spec.suspend to false, or change or delete this CocoonHibernation`;

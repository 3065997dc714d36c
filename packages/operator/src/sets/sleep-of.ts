import { parseVMSpec, readHibernateState, vmAnnotations } from "@cocoonstack/common/meta";
import type { PodView } from "../model/index.js";
import { failureOf, isManaged, isSettled, namesOwnVM } from "../pods/index.js";
import { type Decider, deciderOf, sleepStep, type SnapshotRecord, type Step } from "../sleep/index.js";
import type { Context } from "./context.js";

/** One pod's VM, as far as its sleep goes. */
export interface Sleep {
  readonly decider: Decider;
  readonly record: SnapshotRecord | undefined;
  readonly step: Step;
  /** Whether its state is in a snapshot, or is about to be, or may be there alone. */
  readonly holdsState: boolean;
}

const uninvolved: Sleep = {
  decider: { by: "nobody", desire: "awake" },
  record: undefined,
  step: { isDone: true },
  holdsState: false,
};

/** Other operators ask every pod of a suspended set to sleep. No node heeds it of one that is not managed, and nobody would take it back. */
const misled: Sleep = { ...uninvolved, step: { pod: { [vmAnnotations.hibernate]: null } } };

/** What comes next for the sleep of a pod's VM. A static toolbox has none: others run its VM. */
export function sleepOf(context: Context, pod: PodView): Sleep {
  const { nowMs, set, hibernations, records, tags, owner } = context;
  const { vmName } = parseVMSpec(pod);
  if (isOthers(context, pod)) return uninvolved;
  if (!isManaged(pod)) return readHibernateState(pod) ? misled : uninvolved;
  const decider = deciderOf(pod.metadata.name, set, hibernations);
  const record = records?.get(vmName);
  const isOrdered = record !== undefined || readHibernateState(pod);
  if (!isOrdered && failureOf(pod) !== undefined) return { ...uninvolved, decider };
  const { desire } = decider;
  return {
    decider,
    record,
    step: sleepStep({ nowMs, vmName, pod, record, desire, tags, owner }),
    holdsState: isOrdered ? isInSnapshot(pod, record) : desire === "asleep" && isSettled(pod),
  };
}

const isOthers = ({ takenVMNames, set }: Context, pod: PodView): boolean =>
  !namesOwnVM(set.namespace, pod) || takenVMNames.get(parseVMSpec(pod).vmName) !== undefined;

const isInSnapshot = (pod: PodView, record: SnapshotRecord | undefined): boolean =>
  readHibernateState(pod) || record?.state !== "collecting";

import { hibernationFinalizer, isSuspended, type SetView } from "../model/index.js";
import type { HibernationView } from "../model/index.js";

/** What a VM is to do. */
export type Desire = "asleep" | "awake";

/** Who decides whether the VM of a pod sleeps, and how. */
export type Decider =
  | { readonly by: "set"; readonly desire: Desire }
  | { readonly by: "hibernation"; readonly desire: Desire; readonly hibernation: HibernationView }
  /** Nobody speaks of it: it runs. */
  | { readonly by: "nobody"; readonly desire: "awake" };

const desireOf = ({ desire, isDeleting }: HibernationView): Desire =>
  desire === "Hibernate" && !isDeleting ? "asleep" : "awake";

/** Those that are not about to go come first, then the older, then by name. */
const rank = ({ isDeleting, createdAt, name }: HibernationView): string =>
  [isDeleting ? "1" : "0", createdAt, name].join("\0");

/**
 * Who decides about the VM of a pod: its set, while that is suspended; else the oldest CocoonHibernation that names the pod.
 * One that is being deleted wakes the VM, unless another speaks for it. One without the finalizer is not asked yet: it could
 * go without a trace, and leave a VM asleep.
 */
export function deciderOf(
  podName: string,
  set: SetView | undefined,
  hibernations: readonly HibernationView[],
): Decider {
  if (set !== undefined && isSuspended(set)) return { by: "set", desire: "asleep" };
  const [first] = hibernations
    .filter(
      ({ podName: named, finalizers }) => named === podName && finalizers.includes(hibernationFinalizer),
    )
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return first === undefined
    ? { by: "nobody", desire: "awake" }
    : { by: "hibernation", desire: desireOf(first), hibernation: first };
}

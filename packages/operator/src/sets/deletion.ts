import { vmNameForPod } from "@cocoonstack/common/meta";
import { blocked, itemsOf, ownerAnnotations, setFinalizer, type SetPlan } from "../model/index.js";
import { isOwnPod, isVMNameOf, vmNamesIn } from "../pods/index.js";
import { conditionsOfDeletion } from "./conditions.js";
import type { Context } from "./context.js";
import { departAll } from "./departures.js";
import { Draft } from "./draft.js";
import { transitionEvents } from "./events.js";

/** Kubernetes' finalizer of a deletion that leaves the dependents alone. */
const orphanFinalizer = "orphan";

/**
 * A CocoonSet that is being deleted: all its VMs leave, by the snapshot policy, and the finalizer goes last. Of a deletion that
 * orphans the pods, the garbage collector takes the owner off them first; then they are nobody's, and stay with their tags.
 */
export function planDeletion(context: Context): SetPlan {
  const { set } = context;
  const hasOurs = set.finalizers.includes(setFinalizer);
  if (!hasOurs || set.finalizers.includes(orphanFinalizer))
    return { asks: [], actions: [], status: undefined };
  const isForced = set.annotations[ownerAnnotations.forceCleanup] === "true";
  const draft = new Draft(context);
  if (context.records === undefined && !isForced) {
    draft.trouble(unreadable());
  } else {
    const vmNames = vmNamesToLeave(context);
    if (departAll(context, draft, vmNames).length === vmNames.length) return release(context);
  }
  const conditions = conditionsOfDeletion(context, draft.troubles);
  for (const event of transitionEvents(set, conditions)) draft.event("status", event);
  return {
    asks: draft.asks,
    actions: draft.actions(() => false),
    status: { observedGeneration: set.generation, conditions },
  };
}

/** Records that cannot be read are not taken for none. */
export const unreadable = (): ReturnType<typeof blocked> =>
  blocked(
    "RecordUnreadable",
    `the annotation ${ownerAnnotations.snapshots} cannot be read, and says which VMs sleep: mend it, or remove it if none does`,
  );

function release({ set: { uid, resourceVersion } }: Context): SetPlan {
  return {
    asks: [],
    actions: [{ kind: "remove-finalizer", uid, resourceVersion, finalizer: setFinalizer }],
    status: undefined,
  };
}

/** Names are kept in one annotation, which holds so many; VMs beyond are known by their pods and by the status. */
const mostSubAgents = 1_000;

/** Names as pods have them (RFC 1123), without which no registry has a repository of the VM either. */
const possible = /^[a-z0-9]+(?:(?:\.|-+)[a-z0-9]+)*$/;

/** The VMs that the spec asks for, but for those that there cannot have been: they would wait for a registry that refuses their names. */
const askedFor = ({ set, names }: Context): readonly string[] =>
  names.isUsable ? vmNamesIn(set, mostSubAgents).filter((vmName) => possible.test(vmName)) : [];

/**
 * Whether the names have been written down. One that becomes free from then on was another set's, and what that set has left behind under
 * it is not this one's to clean up.
 */
const areWritten = ({ set, leaving }: Context): boolean =>
  leaving.size > 0 && itemsOf(set.status.conditions).some(({ reason }) => reason === "Deleting");

/**
 * Every VM that may have left something behind: also those whose pods went before the set was asked to, as where their namespace
 * is deleted, and which the status has forgotten since.
 */
function vmNamesToLeave(context: Context): readonly string[] {
  const { set, pods, leaving, records } = context;
  const own = [...pods.holders.values()].filter((pod) => isOwnPod(pod, set));
  const seen = [...itemsOf(set.status.agents), ...itemsOf(set.status.toolboxes)].map(
    ({ vmName }) => vmName ?? "",
  );
  const names = [
    ...leaving,
    ...(records?.keys() ?? []),
    ...own.map(({ metadata }) => vmNameForPod(set.namespace, metadata.name)),
    ...seen,
    ...(areWritten(context) ? [] : askedFor(context)),
  ];
  return [...new Set(names)].filter((name) => isVMNameOf(set, name)).sort();
}

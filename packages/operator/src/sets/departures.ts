import { snapshotPolicyWithDefault } from "@cocoonstack/common/apis/v1";
import { mainAgentVMNameFor, vmNameForPod } from "@cocoonstack/common/meta";
import { ownerAnnotations, type PodView, replicasOf } from "../model/index.js";
import { isOwnPod, isVMNameOf } from "../pods/index.js";
import { departureStep, recordOf, type Step } from "../sleep/index.js";
import type { Context } from "./context.js";
import type { Draft } from "./draft.js";
import { mayHaveSlept } from "./may-have-slept.js";
import { isWantedVM, podNameOfVM } from "./wanted.js";

/** Whether the state of a VM stays behind as `latest` when it leaves: the main agent's under `main-only`, else all or none. */
function isKept({ set }: Context, vmName: string): boolean {
  const policy = snapshotPolicyWithDefault(set.spec.snapshotPolicy);
  if (policy === "never") return false;
  return policy !== "main-only" || vmName === mainAgentVMNameFor(set.namespace, set.name);
}

/** Whether people have said that tags may be left behind. */
const isForced = ({ set }: Context): boolean => set.annotations[ownerAnnotations.forceCleanup] === "true";

function stepOf(context: Context, vmName: string): Step {
  const { nowMs, set, pods, records, tags, owner } = context;
  const podName = podNameOfVM(context, vmName);
  const holder = pods.holders.get(podName);
  return departureStep({
    nowMs,
    vmName,
    namespace: set.namespace,
    podName,
    holder,
    isOwn: holder !== undefined && isOwnPod(holder, set),
    record: records?.get(vmName),
    policy: snapshotPolicyWithDefault(set.spec.snapshotPolicy),
    isKept: isKept(context, vmName),
    isForced: isForced(context),
    tags,
    owner,
  });
}

/**
 * Lets VMs leave, in the order given. Each is written down first.
 *
 * @returns Those that have left, with nothing of them to clean up.
 */
export function departAll(context: Context, draft: Draft, vmNames: readonly string[]): readonly string[] {
  return vmNames.filter((vmName) => depart(context, draft, vmName));
}

function depart(context: Context, draft: Draft, vmName: string): boolean {
  // A copy of another set has that one's annotations, which speak of VMs that are not this one's to clean up.
  if (!isVMNameOf(context.set, vmName)) return true;
  const holder = context.pods.holders.get(podNameOfVM(context, vmName));
  const isOwn = holder !== undefined && isOwnPod(holder, context.set);
  // The tags are the other set's, and written down the name would count as this one's; a pod of its own goes as any other.
  if (context.takenVMNames.get(vmName) !== undefined && !isOwn) return true;
  if (!context.leaving.has(vmName)) {
    draft.leave(vmName);
    rememberSleep(context, draft, vmName, holder);
    return false;
  }
  const step = stepOf(context, vmName);
  draft.take(vmName, step);
  if (holder !== undefined) draft.patchPod(holder, step.pod ?? {});
  return step.isDone === true;
}

/** Of the time before there were records, that a VM slept whose pod is gone: what its policy wants kept is in its snapshot. */
function rememberSleep(context: Context, draft: Draft, vmName: string, holder: PodView | undefined): void {
  const isKnown = holder !== undefined || context.records?.has(vmName) === true;
  if (isKnown || !mayHaveSlept(context, { vmName, podName: podNameOfVM(context, vmName) })) return;
  draft.record(vmName, recordOf("saving", context.nowMs));
}

/** Crosses out a VM that has left. */
export function crossOut({ records }: Context, draft: Draft, vmName: string): void {
  draft.unleave(vmName);
  if (records?.has(vmName) === true) draft.record(vmName, null);
}

/**
 * The VMs that are not wanted any more: sub-agents in slots above the number of replicas, highest first, then toolboxes that the
 * spec no longer names, then whatever left before and has something left to clean up.
 */
export function unwantedVMs(context: Context): readonly string[] {
  const { set, pods, records, leaving } = context;
  const slots = [...pods.subAgents]
    .filter(([slot]) => slot < 1 || slot > replicasOf(set))
    .sort(([a], [b]) => b - a);
  const toolboxes = [...pods.toolboxes].filter(([name]) => !context.names.spoken.has(name));
  const present = [...slots, ...toolboxes].map(([, pod]) => vmNameForPod(set.namespace, pod.metadata.name));
  // A pod whose role this version does not know is not known to be unwanted either.
  const unknown = new Set(pods.unknown.map(({ metadata }) => vmNameForPod(set.namespace, metadata.name)));
  const recorded = [...leaving, ...(records?.keys() ?? [])].filter(
    (vmName) => !isWantedVM(context, vmName) && !unknown.has(vmName),
  );
  // A wanted VM that left, and is to come again: its pod is not made before the tags of the old one have gone.
  const returning = [...leaving].filter(
    (vmName) => isWantedVM(context, vmName) && isGone(context, podNameOfVM(context, vmName)),
  );
  return [...new Set([...present, ...recorded, ...returning])];
}

function isGone({ pods, set }: Context, podName: string): boolean {
  const holder = pods.holders.get(podName);
  return holder === undefined || !isOwnPod(holder, set) || (holder.metadata.deletionTimestamp ?? "") !== "";
}

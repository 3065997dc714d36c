import { snapshotPolicyWithDefault } from "@cocoonstack/common/apis/v1";
import { mainAgentVMNameFor, vmNameForPod } from "@cocoonstack/common/meta";
import { ownerAnnotations, replicasOf } from "../model/index.js";
import { isOwnPod } from "../pods/index.js";
import { departureStep, type Step } from "../sleep/index.js";
import type { Context } from "./context.js";
import type { Draft } from "./draft.js";
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
  const holder = context.pods.holders.get(podNameOfVM(context, vmName));
  const isOwn = holder !== undefined && isOwnPod(holder, context.set);
  // The tags are the other set's, and written down the name would count as this one's; a pod of its own goes as any other.
  if (context.takenVMNames.has(vmName) && !isOwn) return true;
  if (!context.leaving.has(vmName)) {
    draft.leave(vmName);
    return false;
  }
  const step = stepOf(context, vmName);
  draft.take(vmName, step);
  if (holder !== undefined) draft.patchPod(holder, step.pod ?? {});
  return step.isDone === true;
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
  const recorded = [...leaving, ...(records?.keys() ?? [])].filter((vmName) => !isWantedVM(context, vmName));
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

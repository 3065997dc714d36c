import {
  isContainerRunning,
  isPodReady,
  isPodTerminal,
  parseVMRuntime,
  parseVMSpec,
  readCocoonSetGeneration,
  readHibernateState,
  readLifecycleStatus,
} from "@cocoonstack/common/meta";
import { parseTimeMs, type PodVersion, type PodView } from "../model/index.js";

/** An annotation of a pod; empty where it has none of that name. */
export const annotationOf = (pod: PodView, key: string): string => pod.metadata.annotations?.[key] ?? "";

/** A label of a pod; empty where it has none of that name. */
export const labelOf = (pod: PodView, key: string): string => pod.metadata.labels?.[key] ?? "";

/** Whether the deletion of a pod was asked for. */
export const isTerminating = ({ metadata }: PodView): boolean => (metadata.deletionTimestamp ?? "") !== "";

/** Whether the operator decides about the VM behind a pod: not of a static toolbox, whose VM others run. */
export const isManaged = (pod: PodView): boolean =>
  parseVMSpec(pod).managed && parseVMSpec(pod).vmName !== "";

/** Whether the node has answered the generation that was last stamped on a pod. */
function hasAnswered(pod: PodView): boolean {
  return readLifecycleStatus(pod).observedGeneration >= readCocoonSetGeneration(pod);
}

/** Whether the node says that a VM went into its snapshot, in answer to the last order. The tag has to be there as well. */
export const saysHibernated = (pod: PodView): boolean =>
  readHibernateState(pod) && readLifecycleStatus(pod).state === "hibernated" && hasAnswered(pod);

/**
 * Whether the VM behind a pod runs, for certain: the node says so in answer to the last order, a container runs, and the VM
 * has an id. What sleeps, boots, or is about to go has none of the three for long.
 */
export const isAlive = (pod: PodView): boolean =>
  !isTerminating(pod) &&
  !readHibernateState(pod) &&
  readLifecycleStatus(pod).state === "ready" &&
  hasAnswered(pod) &&
  isContainerRunning(pod) &&
  parseVMRuntime(pod).vmID !== "";

/**
 * Whether the VM behind a pod is through with what it did and can be given an order. Nodes of before the lifecycle say
 * nothing; of those, a running container is all there is to go by.
 */
export function isSettled(pod: PodView): boolean {
  const { state } = readLifecycleStatus(pod);
  if (state === "") return isContainerRunning(pod) && parseVMRuntime(pod).vmID !== "";
  return state === "ready";
}

/** How a pod failed. */
export interface PodFailure {
  readonly reason: "PodLifecycleFailed" | "MainAgentFailed";
  readonly message: string;
}

/** How a pod failed; undefined where it did not. One that `Succeeded` has ended as well: no node looks at it again. */
export function failureOf(pod: PodView): PodFailure | undefined {
  const { state, message } = readLifecycleStatus(pod);
  if (state === "failed") {
    const text = message === "" ? "the node gives no cause" : message;
    return { reason: "PodLifecycleFailed", message: text };
  }
  const phase = pod.status?.phase ?? "";
  if (!isPodTerminal(pod) && phase !== "Succeeded") return undefined;
  return { reason: "MainAgentFailed", message: `the pod ended in phase ${phase}` };
}

/** Whether a pod counts as ready: that of a VM that is about to sleep or go does not. */
export const isServing = (pod: PodView): boolean => isPodReady(pod) && !isTerminating(pod);

/** Since when a pod is ready, in milliseconds since 1970; undefined where it is not, or does not say. */
export function readySinceMs(pod: PodView): number | undefined {
  const ready = pod.status?.conditions?.find(({ type, status }) => type === "Ready" && status === "True");
  return parseTimeMs(ready?.lastTransitionTime);
}

/** The very version of a pod that was observed. */
export const versionOf = ({ metadata: { name, uid, resourceVersion } }: PodView): PodVersion => ({
  name,
  uid,
  resourceVersion,
});

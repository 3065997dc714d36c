import {
  type Annotations,
  hibernateSnapshotTag,
  isContainerRunning,
  parseVMSpec,
  readHibernateState,
} from "@cocoonstack/common/meta";
import { nodeAnnotations } from "./keys.js";

type Maybe<T> = T | null | undefined;

/** A pod of this node as the agent last saw it: the part that decisions are made of. A pod of the API, as parsed JSON, fits. */
export interface PodView {
  readonly metadata: {
    readonly namespace?: string | undefined;
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly deletionTimestamp?: Maybe<string>;
    readonly annotations?: Maybe<Annotations>;
  };
  readonly spec?: Maybe<{
    readonly containers?: Maybe<readonly { readonly name: string; readonly image?: Maybe<string> }[]>;
  }>;
  readonly status?: Maybe<{
    readonly phase?: Maybe<string>;
    readonly containerStatuses?: Maybe<
      readonly Maybe<{ readonly state?: Maybe<{ readonly running?: unknown }> }>[]
    >;
  }>;
}

/** What a VM that is not there yet starts from. */
export type Source =
  /** A VM of its own beginning; a `clone` starts from a snapshot of the image instead of from a boot of it. */
  | { readonly from: "image"; readonly image: string; readonly isClone: boolean }
  /** A copy of a VM that runs on this node. */
  | { readonly from: "vm"; readonly vmName: string }
  /** What was pushed as `VM NAME:TAG`. */
  | { readonly from: "snapshot"; readonly tag: string };

/** What the VM slept in. */
export const sleepingState: Source = { from: "snapshot", tag: hibernateSnapshotTag };

/** What a new VM of this pod starts from; or why that cannot be told, as text. */
export function sourceOf(pod: PodView): Source | string {
  const { mode, image, forkFrom } = parseVMSpec(pod);
  if (pod.metadata.annotations?.[nodeAnnotations.restoreFromHibernate] === "true") return sleepingState;
  if (forkFrom !== "") return { from: "vm", vmName: forkFrom };
  if (mode !== "run" && mode !== "clone") {
    return `the pod asks for mode '${mode}', and a VM is made by 'run' or 'clone'`;
  }
  return { from: "image", image, isClone: mode === "clone" };
}

/** Whether the VM has a guest to set up before it is ready: its state was another VM's, or its own of long ago. */
export const needsSetUp = (source: Source): boolean => source.from !== "image" || source.isClone;

/** Whether the pod's VM shall sleep. A VM that others run is left to them. */
export const wantsSleep = (pod: PodView): boolean => readHibernateState(pod) && parseVMSpec(pod).managed;

/** Whether the pod is to go. */
export const isLeaving = (pod: PodView): boolean => pod.metadata.deletionTimestamp != null;

/** Whether the pod has ended: nothing is run for it any more. */
export const hasEnded = ({ status }: PodView): boolean =>
  status?.phase === "Failed" || status?.phase === "Succeeded";

/** Whether the API server believes that the VM runs. */
export const runs = (pod: PodView): boolean => isContainerRunning(pod);

/** What a failed act is tried again for at once, when it changes: the orders that the pod carries, or that it is gone. */
export function ordersOf(pod: PodView | undefined): string {
  if (pod === undefined) return "";
  const { image, mode, forkFrom } = parseVMSpec(pod);
  const restores = pod.metadata.annotations?.[nodeAnnotations.restoreFromHibernate] ?? "";
  return JSON.stringify([isLeaving(pod), wantsSleep(pod), image, mode, forkFrom, restores]);
}

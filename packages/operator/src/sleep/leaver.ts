import type { PodView } from "../model/index.js";
import type { Sleeper } from "./sleep-step.js";

/** A VM that leaves: its slot or toolbox, or its whole set, is not wanted any more. */
export interface Leaver extends Omit<Sleeper, "pod" | "desire"> {
  readonly namespace: string;
  readonly podName: string;
  /** Whoever holds the pod's name, also a stranger and one that is about to go. */
  readonly holder: PodView | undefined;
  /** Whether that is a pod of the set. */
  readonly isOwn: boolean;
  /** The snapshot policy that the pod should carry, for the node to act by when it goes. */
  readonly policy: string;
  /** Whether the VM's state stays behind as `latest`. */
  readonly isKept: boolean;
  /** Whether somebody said that it shall go even if its state cannot be kept, or its tags stay behind. */
  readonly isForced: boolean;
}

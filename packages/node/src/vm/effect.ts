import type { LifecycleState } from "@cocoonstack/common/meta";
import type { Source } from "./pod-view.js";

/** What a pod's status says of its VM. */
export type Shown =
  /** It runs; whether it is ready, its probe says. */
  | { readonly as: "running"; readonly isReady: boolean }
  /** It sleeps: nothing runs. */
  | { readonly as: "asleep" }
  /** It could not be brought up, or to sleep. */
  | { readonly as: "provider-failed"; readonly message: string }
  /** It is gone for good. */
  | { readonly as: "lost"; readonly reason: LostReason };

/** Why a pod lost its VM. */
export type LostReason = "VMGone" | "RestartCooldown" | "RestartFailed";

/**
 * One step of the agent. Steps are carried out one after the other, and the first that fails ends the rest. Between any two of
 * them the agent may die.
 */
export type Effect =
  /** Writes the lifecycle state, its generation and its message, in one patch. */
  | { readonly do: "report"; readonly state: LifecycleState; readonly message: string }
  /** The same state again, for a generation that was raised. */
  | { readonly do: "echo"; readonly state: LifecycleState; readonly message: string }
  /** Makes the VM. */
  | { readonly do: "start"; readonly source: Source }
  /** Puts right in a cloned guest what was its original's. */
  | { readonly do: "set-up" }
  /** Asks whether the guest answers. */
  | { readonly do: "probe" }
  /** Writes the VM's id and address. */
  | { readonly do: "identify" }
  /** Takes them away. */
  | { readonly do: "unidentify" }
  /** Writes the pod's status. */
  | { readonly do: "show"; readonly shown: Shown }
  /** Takes a snapshot of the VM, on this host. */
  | { readonly do: "save" }
  /** Pushes the last snapshot as `VM NAME:TAG`. */
  | { readonly do: "push"; readonly tag: string }
  /** Takes the tag away again. */
  | { readonly do: "untag"; readonly tag: string }
  /** Ends the VM. Where it `sleeps`, the host remembers that its state is in the snapshot alone. */
  | { readonly do: "destroy"; readonly sleeps: boolean }
  /** Starts a VM that stopped, with its disk. */
  | { readonly do: "restart" }
  /** An event on the pod. */
  | { readonly do: "warn"; readonly reason: string; readonly message: string }
  /** Asks the API server to delete the pod, as anybody may. */
  | { readonly do: "evict" }
  /** Removes a pod that is to go, `atOnce` or when its grace period is over. */
  | { readonly do: "remove"; readonly atOnce: boolean };

/** The kinds of steps, by which faults name them. */
export const effectKinds = [
  "report",
  "echo",
  "start",
  "set-up",
  "probe",
  "identify",
  "unidentify",
  "show",
  "save",
  "push",
  "untag",
  "destroy",
  "restart",
  "warn",
  "evict",
  "remove",
] as const satisfies readonly Effect["do"][];

/** One of the {@link effectKinds}. */
export type EffectKind = Effect["do"];

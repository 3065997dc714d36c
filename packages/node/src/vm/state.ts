import { type LifecycleStatus, parseVMSpec, readLifecycleStatus } from "@cocoonstack/common/meta";
import type { LostReason, Shown } from "./effect.js";
import { nodeAnnotations } from "./keys.js";
import type { PodView } from "./pod-view.js";

/** A VM on this host. */
export interface VM {
  readonly name: string;
  /** New with each start. */
  readonly id: string;
  /** Empty while it has none. */
  readonly ip: string;
}

/** What the host knows of a VM name before the agent has done anything for its pod. */
export interface Found {
  readonly vm: VM | undefined;
  /** Whether the VM went to sleep here, and nothing has woken it since. */
  readonly isAsleep: boolean;
}

/** An act that failed, and is tried again. */
export interface Rest {
  /** In a row. */
  readonly failures: number;
  /** By the clock of the agent. */
  readonly untilMs: number;
  /** What the pod asked for; another wish ends the rest. */
  readonly orders: string;
}

/** Whether the guest answers. */
export interface Probe {
  readonly answers: boolean;
  /** How often in a row it did not, since it last did. */
  readonly misses: number;
  /** When to ask next, by the clock of the agent. */
  readonly dueMs: number;
  readonly delayMs: number;
}

/** All that the agent keeps of one pod and its VM. */
export interface VMState {
  /** As it was last seen; undefined once the API server has it no more. */
  readonly pod: PodView | undefined;
  /** Whether the VM is made and ended here; the others are only stood for. */
  readonly isManaged: boolean;
  /**
   * - `none`: there is no VM, and nothing that it could be woken from
   * - `awake`: there is one
   * - `asleep`: there was one, and its snapshot holds its state
   * - `lost`: there was one
   */
  readonly life: "none" | "awake" | "asleep" | "lost";
  readonly vm: VM | undefined;
  /** Whether a cloned guest has been put right. */
  readonly isSetUp: boolean;
  /** What was last reported; the state is empty before the first report. */
  readonly lifecycle: LifecycleStatus;
  /** What the status says; undefined where the agent does not know. */
  readonly shown: Shown | undefined;
  readonly probe: Probe;
  readonly rest: Rest | undefined;
  readonly lostBy: LostReason | undefined;
  readonly restartedMs: number | undefined;
}

/** The probe of a VM that was just started. */
export const freshProbe: Probe = { answers: false, misses: 0, dueMs: 0, delayMs: 100 };

/** The beginning: a pod that the agent sees for the first time, perhaps after a restart, and what the host has of its VM. */
export function firstState(pod: PodView, found: Found): VMState {
  const lifecycle = readLifecycleStatus(pod);
  const isManaged = parseVMSpec(pod).managed;
  const base = {
    pod,
    isManaged,
    vm: undefined,
    isSetUp: false,
    lifecycle,
    shown: undefined,
    probe: freshProbe,
    rest: undefined,
    lostBy: undefined,
    restartedMs: undefined,
  };
  if (found.vm !== undefined) {
    const isReady = lifecycle.state === "ready";
    return {
      ...base,
      life: "awake",
      vm: found.vm,
      // Whatever was under way is begun anew: who knows which of its steps was the last.
      lifecycle: isReady ? lifecycle : { ...lifecycle, state: "" },
      isSetUp: isReady || pod.metadata.annotations?.[nodeAnnotations.postCloneState] !== "running",
    };
  }
  if (found.isAsleep || ["hibernating", "hibernated"].includes(lifecycle.state))
    return { ...base, life: "asleep" };
  // It ran when the agent last looked, and the host has it no more.
  if (isManaged && lifecycle.state === "ready") return { ...base, life: "lost", lostBy: "VMGone" };
  return { ...base, life: "none" };
}

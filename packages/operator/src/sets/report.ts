import type { PodView } from "../model/index.js";
import type { Member, PodFailure } from "../pods/index.js";
import type { Decider } from "../sleep/index.js";

/**
 * How one wanted VM stands:
 *
 * - `missing`: it has no pod. `leaving`: its old pod has not gone yet. `blocked`: it cannot have one.
 * - `booting`, `ready`, `failed`, `dead-letter`: as its pod says.
 * - `falling-asleep`, `asleep`, `waking`: on its way into its snapshot, there, and on its way back.
 */
export type MemberState =
  | "missing"
  | "leaving"
  | "blocked"
  | "booting"
  | "ready"
  | "failed"
  | "dead-letter"
  | "falling-asleep"
  | "asleep"
  | "waking";

/** What was found out about one wanted VM in this round. */
export interface MemberReport {
  readonly member: Member;
  readonly state: MemberState;
  readonly pod: PodView | undefined;
  readonly failure: PodFailure | undefined;
  readonly decider: Decider;
  /** Whether its spec asks for another VM, and its pod may be replaced for that. */
  readonly isStale: boolean;
  /** Whether something about its pod is being changed, so that it is not deleted in the same round. */
  readonly isBusy: boolean;
}

/** Whether a VM is on its way to sleep, asleep, or on its way back. */
export const isInSleep = ({ state }: Pick<MemberReport, "state">): boolean =>
  state === "falling-asleep" || state === "asleep" || state === "waking";

/** Whether a VM has failed, for now or for good. */
export const hasFailed = ({ state }: Pick<MemberReport, "state">): boolean =>
  state === "failed" || state === "dead-letter";

import type { ClusterConnection } from "@cocoonstack/common/k8s";
import type { LeaseLostError } from "./lease-lost-error.js";

/** What happens in an election, for metrics and the log. A hook must not throw. */
export interface ElectionObserver {
  /** Another holder than before has been seen, perhaps this one; undefined: nobody. */
  holder(identity: string | undefined): void;
  /** Leadership ends here and now, before whatever was begun under it has ended. */
  lost(error: LeaseLostError): void;
  /** A try to take, renew or release the lease failed; the next comes by itself. */
  failed(error: unknown): void;
}

/** See {@link runAsLeader}. */
export interface ElectionOptions {
  readonly connection: Pick<ClusterConnection, "request">;
  readonly namespace: string;
  /** Name of the Lease; who may lead has to be allowed to get, create and patch it. */
  readonly name: string;
  /** Different for each process, also one after the other: host name and a random part. */
  readonly identity: string;
  /**
   * For how long a leader may be silent before another one takes over.
   * @default 15_000
   */
  readonly leaseMs?: number;
  /**
   * For how long a leader tries to renew before it gives up leading; less than `leaseMs`, and what is between the two is the time
   * that its work has to come to an end.
   * @default 10_000
   */
  readonly renewDeadlineMs?: number;
  /**
   * Time between two renewals. Whoever waits looks twice as often, and when the lease runs out, so that it leads at most half of this
   * later than it could.
   * @default 2_000
   */
  readonly retryMs?: number;
  readonly observer?: Partial<ElectionObserver>;
}

/** Options with what they are where nothing is said. */
export type Settings = Required<Omit<ElectionOptions, "observer">> & {
  readonly observer: Partial<ElectionObserver>;
};

/** @throws {RangeError} when the times do not fit together. */
export function settingsOf(options: ElectionOptions): Settings {
  const settings = { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000, observer: {}, ...options };
  const { leaseMs, renewDeadlineMs, retryMs } = settings;
  if (retryMs > 0 && 2 * retryMs <= renewDeadlineMs && renewDeadlineMs < leaseMs) return settings;
  throw new RangeError(
    `an election needs leaseMs (${leaseMs}) > renewDeadlineMs (${renewDeadlineMs}) ≥ 2 × retryMs (${retryMs}) > 0`,
  );
}

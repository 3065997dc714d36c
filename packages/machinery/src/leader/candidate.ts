import type { Lease, LeaseChange, LeaseClient } from "./lease.js";

/** What the lease says after a try: it is ours by a write that was sent then, or somebody else's (undefined: whose, is not known). */
export type Standing =
  | { readonly isLeader: true; readonly sentAtMs: number }
  | { readonly isLeader: false; readonly holder: string | undefined };

/** See {@link Candidate}. */
export interface CandidateOptions {
  readonly client: LeaseClient;
  readonly identity: string;
  readonly leaseMs: number;
}

/**
 * One replica's side of an election: what it saw of the lease, and when by its own clock. Whether a lease has run out is measured
 * from the moment at which this process saw it change, so that no two clocks are ever compared.
 */
export class Candidate {
  readonly #options: CandidateOptions;
  #seen: { readonly lease: Lease; readonly atMs: number } | undefined;

  constructor(options: CandidateOptions) {
    this.#options = options;
  }

  /**
   * Takes the lease if it is free or has run out, renews it if it is ours.
   *
   * @throws {ApiError} when the server refuses.
   * @throws {RequestError} when there is no usable answer; what was asked may have happened all the same.
   */
  async try(timeoutMs: number): Promise<Standing> {
    // One deadline for all that a try takes: a leader has to know in time that it leads no more.
    const untilMs = performance.now() + timeoutMs;
    const own = this.#seen?.lease;
    if (own?.holder === this.#options.identity) {
      const renewed = await this.#write(own, untilMs);
      if (renewed.isLeader) return renewed;
    }
    const lease = await this.#options.client.read(leftMs(untilMs));
    if (lease === undefined) return this.#create(untilMs);
    this.#see(lease);
    return this.#isOpen(lease) ? this.#write(lease, untilMs) : { isLeader: false, holder: lease.holder };
  }

  /** In how many milliseconds the lease runs out unless its holder is heard of; undefined where that is not ahead. */
  get runsOutInMs(): number | undefined {
    if (this.#seen === undefined) return undefined;
    const { lease, atMs } = this.#seen;
    const leftMs = Math.ceil(atMs + (lease.durationMs ?? this.#options.leaseMs) - performance.now());
    return lease.holder !== undefined && leftMs > 0 ? leftMs : undefined;
  }

  /** Gives the lease up, so that others need not wait until it has run out. */
  async release(timeoutMs: number): Promise<void> {
    const lease = this.#seen?.lease;
    if (lease?.holder !== this.#options.identity) return;
    await this.#options.client.write(lease, { holder: undefined, durationMs: 1_000 }, timeoutMs);
    this.#seen = undefined;
  }

  #isOpen({ holder, durationMs = this.#options.leaseMs }: Lease): boolean {
    const { atMs } = this.#seen ?? { atMs: performance.now() };
    return (
      holder === undefined || holder === this.#options.identity || performance.now() - atMs >= durationMs
    );
  }

  async #create(untilMs: number): Promise<Standing> {
    const sentAtMs = performance.now();
    return this.#taken(await this.#options.client.create(this.#change(0), leftMs(untilMs)), sentAtMs);
  }

  async #write(lease: Lease, untilMs: number): Promise<Standing> {
    const { client, identity } = this.#options;
    const sentAtMs = performance.now();
    const transitions = lease.holder === identity ? undefined : lease.transitions + 1;
    return this.#taken(await client.write(lease, this.#change(transitions), leftMs(untilMs)), sentAtMs);
  }

  #change(transitions: number | undefined): LeaseChange {
    const { identity: holder, leaseMs: durationMs } = this.#options;
    return { holder, durationMs, ...(transitions !== undefined && { transitions }) };
  }

  /** The time of our own write counts from before it was sent: the server may have made it at once. */
  #taken(lease: Lease | undefined, sentAtMs: number): Standing {
    if (lease === undefined) return { isLeader: false, holder: undefined };
    this.#see(lease);
    return { isLeader: true, sentAtMs };
  }

  #see(lease: Lease): void {
    if (this.#seen?.lease.resourceVersion === lease.resourceVersion) return;
    this.#seen = { lease, atMs: performance.now() };
  }
}

const leftMs = (untilMs: number): number => Math.max(1, untilMs - performance.now());

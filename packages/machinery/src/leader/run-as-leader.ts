import { sleep } from "@cocoonstack/common/k8s";
import { Candidate } from "./candidate.js";
import { settingsOf, type ElectionOptions, type Settings } from "./election-options.js";
import { LeaseClient } from "./lease.js";
import { Term, type Leadership } from "./term.js";

/**
 * Waits until this process leads, leads, and gives the lease back.
 *
 * When `signal` is aborted, so is the leader's; the lease is renewed until `lead` has ended and only then released, so that two never lead
 * at the same time and a successor need not wait. When the lease is lost, the leader's signal is aborted at once, and this rejects as soon as
 * `lead` has ended: it has `leaseMs - renewDeadlineMs` until another one leads.
 *
 * @returns what `lead` came to; undefined where it was stopped before it led.
 * @throws {LeaseLostError} when the lease was lost.
 * @throws {RangeError} when the times do not fit together.
 *
 * @example
 * ```ts
 * await runAsLeader({ connection, namespace: "cocoon-system", name: "cocoon-operator", identity }, signal, ({ signal }) => queue.run(signal));
 * ```
 */
export async function runAsLeader<T>(
  options: ElectionOptions,
  signal: AbortSignal,
  lead: (leadership: Leadership) => Promise<T>,
): Promise<T | undefined> {
  const settings = settingsOf(options);
  const term = await win(settings, signal);
  if (term === undefined || !signal.aborted) return term?.serve(signal, lead);
  await term.release();
  return undefined;
}

async function win(settings: Settings, signal: AbortSignal): Promise<Term | undefined> {
  const { identity, leaseMs, retryMs, renewDeadlineMs, observer } = settings;
  const candidate = new Candidate({ client: new LeaseClient(settings), identity, leaseMs });
  let seen: { readonly holder: string | undefined } | undefined;
  while (!signal.aborted) {
    try {
      const standing = await candidate.try(renewDeadlineMs / 2);
      const holder = standing.isLeader ? identity : standing.holder;
      if (seen === undefined || seen.holder !== holder) observer.holder?.(holder);
      seen = { holder };
      if (standing.isLeader) return new Term(candidate, settings, standing.sentAtMs);
    } catch (error) {
      observer.failed?.(error);
    }
    // Candidates that began together must not go on asking together.
    const pauseMs = (retryMs / 2) * (1 + Math.random() * 0.2);
    await sleep(Math.min(pauseMs, candidate.runsOutInMs ?? Infinity), signal);
  }
  return undefined;
}

import type { Logger } from "@cocoonstack/common/log";
import { advance, begin } from "./advance.js";
import type { BundlePublisher, Published } from "./bundle-publisher.js";
import { nextStep, type RenewalPolicy, type Step } from "./next-step.js";
import type { SecretStore, Stored } from "./secret-store.js";
import { bundleOf, type TlsState } from "./tls-state.js";

/** What the certificates are kept in and published by. */
export interface SelfManagedOptions {
  readonly store: Pick<SecretStore, "read" | "create" | "update">;
  readonly publisher: Pick<BundlePublisher, "isAnyPublished" | "publish">;
  readonly policy: RenewalPolicy;
  readonly log: Logger;
  /** @default the system's clock */
  readonly now?: () => Date;
}

/**
 * How long a replica that knows no state waits for one that does, before it begins anew: longer than two looks of one that
 * serves, which are five seconds apart.
 */
const patienceMs = 12_000;

/**
 * Certificates that the webhook makes itself. Every replica runs the same loop over the same Secret, without a leader: it
 * reads the state, takes at most one step, publishes the bundle, and only then is the leaf served. Writes carry the
 * version that was read, so of two replicas that take the same step one wins, and the other reads what it wrote.
 */
export class SelfManagedCertificates {
  readonly #options: Required<SelfManagedOptions>;
  #known: TlsState | undefined;
  /** Since when, on the clock of `performance.now()`, both configurations carry this bundle and nobody has touched them. */
  #published: { readonly bundle: string; readonly revision: string; readonly sinceMs: number } | undefined;
  #isAbsent = false;
  /** Since when, on the same clock, it waits for another replica to restore the Secret. */
  #waitsSinceMs: number | undefined;

  constructor(options: SelfManagedOptions) {
    this.#options = { now: () => new Date(), ...options };
  }

  /**
   * Looks once, and gives the state as it is then; undefined while another replica may be about to restore it, or was faster.
   *
   * @throws {ApiError | RequestError} when the API server does not do what it is asked.
   */
  async look(): Promise<TlsState | undefined> {
    const { store, publisher } = this.#options;
    const stored = await store.read();
    const state = stored.found === "state" ? await this.#step(stored) : await this.#restore(stored);
    if (state === undefined) return undefined;
    this.#known = state;
    this.#waitsSinceMs = undefined;
    const bundle = bundleOf(state);
    this.#note(bundle, await publisher.publish(bundle));
    return state;
  }

  async #step({
    state,
    resourceVersion,
  }: Extract<Stored, { found: "state" }>): Promise<TlsState | undefined> {
    const { policy, now } = this.#options;
    const step = nextStep(state, policy, { now: now(), publishedForMs: this.#publishedForMs(state) });
    if (step === "nothing") return state;
    const wanted = await (step === "begin" ? begin(policy, now()) : advance(step, state, policy, now()));
    return this.#write(step, wanted, resourceVersion);
  }

  /** Somebody has deleted the Secret, or put something else there: what is served goes on, as long as it is known. */
  async #restore(stored: Exclude<Stored, { found: "state" }>): Promise<TlsState | undefined> {
    const { policy, now, log } = this.#options;
    const resourceVersion = stored.found === "broken" ? stored.resourceVersion : undefined;
    if (stored.found === "broken") {
      log.warn(
        { err: stored.fault },
        "the Secret does not hold what the webhook keeps there; it is written anew",
      );
    }
    if (this.#known !== undefined) return this.#write("restore", this.#known, resourceVersion);
    if (await this.#anotherMayRestore()) return undefined;
    return this.#write("begin", await begin(policy, now()), resourceVersion);
  }

  /** A bundle without a Secret: replicas that know the state serve already, and a new authority would cut them off. */
  async #anotherMayRestore(): Promise<boolean> {
    if (this.#waitsSinceMs !== undefined) return performance.now() - this.#waitsSinceMs < patienceMs;
    if (!(await this.#options.publisher.isAnyPublished())) return false;
    this.#waitsSinceMs = performance.now();
    this.#options.log.warn(
      { patienceMs },
      "the Secret with the certificates is gone, while API servers trust an authority: waiting for a replica that knows it",
    );
    return true;
  }

  async #write(
    step: Step | "restore",
    state: TlsState,
    resourceVersion: string | undefined,
  ): Promise<TlsState | undefined> {
    const { store, log } = this.#options;
    const written = await (resourceVersion === undefined
      ? store.create(state)
      : store.update(state, resourceVersion));
    if (written === "overtaken") return undefined;
    log.info({ step }, stepTexts[step]);
    return state;
  }

  #publishedForMs(state: TlsState): number | undefined {
    const published = this.#published;
    return published?.bundle === bundleOf(state) ? performance.now() - published.sinceMs : undefined;
  }

  #note(bundle: string, { outcome, revision }: Published): void {
    const { log } = this.#options;
    // A change between two looks counts as well: another replica may have mended what somebody had wiped.
    const isSame = this.#published?.bundle === bundle && this.#published.revision === revision;
    if (outcome !== "settled") this.#published = undefined;
    else if (!isSame) this.#published = { bundle, revision, sinceMs: performance.now() };
    if (outcome === "changed") log.info({}, "the webhook configurations carry the present authorities again");
    if (outcome === "absent" && !this.#isAbsent) {
      log.warn(
        {},
        "a webhook configuration is missing, so API servers do not ask the webhook: install it (config/webhook)",
      );
    }
    this.#isAbsent = outcome === "absent";
  }
}

const stepTexts: Record<Step | "restore", string> = {
  nothing: "the certificates stay as they are",
  begin: "a new certificate authority and a serving certificate",
  restore: "the Secret is restored from memory",
  "renew-leaf": "a new serving certificate",
  "announce-authority": "a new certificate authority, which API servers learn to trust before it signs",
  "switch-authority": "the new certificate authority signs from now on",
  "forget-retired": "the certificate authority before is trusted no longer",
};

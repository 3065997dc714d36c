import { Places, type TagRegistry } from "../act/index.js";
import { type TagFact, type TagFacts, tagKey, type TagRef } from "../model/index.js";
import type { HeldChanges } from "./held-changes.js";

/** See {@link TagProbes}. */
export interface TagProbesOptions {
  readonly registry: Pick<TagRegistry, "resolve">;
  /** Knows of deletions that failed, and is told of tags that are not there. */
  readonly held: Pick<HeldChanges, "of" | "absent">;
  /** Aborted when everything has to end. */
  readonly signal: AbortSignal;
}

/** How long the registry may take to say what a tag is. */
const probeMs = 5_000;

/**
 * How many tags are asked for at the same time. A question waits for its turn here and not in the registry's client, where its time
 * runs already: that of a thousand VMs would be over before they have been asked for. Of the client's 16 places four stay free for changes, and
 * one key leaves room for others.
 */
const mostProbes = 12;
const mostProbesOfOneKey = 4;

/** Asks the registry what tags are. */
export class TagProbes {
  readonly #options: TagProbesOptions;
  readonly #places = new Places(mostProbes);

  constructor(options: TagProbesOptions) {
    this.#options = options;
  }

  /** What the registry says of all tags that one key asks for, by `tagKey`. Never rejects. */
  async ask(refs: readonly TagRef[]): Promise<TagFacts> {
    const own = new Places(mostProbesOfOneKey);
    const ask = (ref: TagRef): Promise<TagFact> => own.run(() => this.#places.run(() => this.#probe(ref)));
    return new Map(await Promise.all(refs.map(async (ref) => [tagKey(ref), await ask(ref)] as const)));
  }

  async #probe(ref: TagRef): Promise<TagFact> {
    const { registry, held, signal } = this.#options;
    try {
      const digest = await registry.resolve(ref.vmName, ref.tag, { timeoutMs: probeMs, signal });
      if (digest !== undefined) return { state: "present", digest, ...held.of(ref) };
      held.absent(ref);
      return { state: "absent" };
    } catch (error) {
      return { state: "unknown", message: error instanceof Error ? error.message : String(error) };
    }
  }
}

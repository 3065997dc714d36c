import type { Subject } from "../act/index.js";
import type { Plan, TagFact, TagFacts } from "../model/index.js";
import type { StoredHibernation, StoredSet } from "../observe/index.js";

/** One CocoonSet or CocoonHibernation in a round. */
export interface Planned extends Subject {
  readonly stored: StoredSet | StoredHibernation;
  /** What to do about it, by what was observed in this round, and by the tags that are known so far. */
  readonly plan: (tags: TagFacts) => Plan<object>;
}

/**
 * One observation, and what comes of it. The tags are asked for after everything else was observed, and a plan that lacks some is made
 * again of the very same observation: a tag that is absent now says nothing about a pod that is looked at later.
 */
export interface Round {
  readonly subjects: readonly Planned[];
  /** By `tagKey`. They are gone with the round. */
  readonly tags: Map<string, TagFact>;
  /** What was carried out while tags were asked for. */
  readonly carriedOut: Set<string>;
  /** How what was carried out so far has ended. */
  readonly results: Results;
  /** When to look again at the latest, because something cannot be watched. */
  readonly lookAgainMs: number | undefined;
}

/** How the actions of a round have ended. */
export class Results {
  readonly stale: string[] = [];
  readonly failures: Error[] = [];
  /** Names of pods about which something was done. */
  readonly pods = new Set<string>();
  /** Whether anything has changed, so that the next round has something new to see. */
  hasActed = false;
}

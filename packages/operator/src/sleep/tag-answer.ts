import {
  blocked,
  degraded,
  registryRetryMs,
  type TagFact,
  type TagFacts,
  tagKey,
  type TagRef,
} from "../model/index.js";
import type { Step } from "./step.js";

/** What is known of a tag: a fact to decide by, or the step that gets one. */
export type TagAnswer =
  | { readonly fact: Exclude<TagFact, { state: "unknown" }> }
  | { readonly fact: undefined; readonly step: Step };

/** Looks a tag up among the facts; where the registry was not asked, or did not answer, says what to do about that. */
export function answerOf(tags: TagFacts, ref: TagRef): TagAnswer {
  const fact = tags.get(tagKey(ref));
  if (fact === undefined) return { fact: undefined, step: { asks: [ref] } };
  if (fact.state !== "unknown") return { fact };
  const message = `the registry did not say whether ${ref.vmName}:${ref.tag} is there (${fact.message}): what depends on that waits`;
  return {
    fact: undefined,
    step: { troubles: [degraded("RegistryUnavailable", message)], requeueAfterMs: registryRetryMs },
  };
}

/** A registry that does not delete a tag: what to say, and that it is tried again. */
export const refused = ({ vmName, tag }: TagRef, refusal: string): Step => ({
  troubles: [
    blocked(
      "RegistryRefuses",
      `the registry refuses to delete ${vmName}:${tag} (${refusal}): let it delete tags, or delete this one by hand; it is tried again`,
    ),
  ],
  requeueAfterMs: registryRetryMs,
});

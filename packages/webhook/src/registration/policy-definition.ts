import { celSentence, gap } from "./cel.js";
import type { Entry } from "./entries.js";

/**
 * A ValidatingAdmissionPolicy before it is rendered. It looks at what an entry of the webhook's registration looks at, so
 * that the two cannot guard different things.
 */
export interface PolicyDefinition {
  readonly name: string;
  readonly matches: Pick<Entry, "rules" | "conditions" | "exceptNamespaces">;
  /** The kind of the objects that the rule compares the request with: all of them in its namespace, one by one. */
  readonly paramKind?: { readonly apiVersion: string; readonly kind: string };
  /** CEL that the validations read as `variables.NAME`. */
  readonly variables: readonly { readonly name: string; readonly expression: string }[];
  /** The first that does not hold is what people are told. */
  readonly validations: readonly Validation[];
}

/** One rule of a policy, as the API has it. */
export interface Validation {
  readonly expression: string;
  readonly messageExpression: string;
  readonly reason: "Forbidden";
}

/**
 * Refuses what the CEL expression `unless` does not hold for.
 *
 * @param words the webhook's sentence, with gaps
 */
export const refuse = (unless: string, words: string): Validation => ({
  expression: unless,
  messageExpression: celSentence(words),
  reason: "Forbidden",
});

/** The namespace and name of the object that a request is about; `name` is CEL. */
export const namespaced = (name = "request.name"): string => `${gap("request.namespace")}/${gap(name)}`;

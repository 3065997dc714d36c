import type { Reason } from "./reasons.js";
import { shownName } from "./shown-name.js";

/** One broken rule of an object, at the field that breaks it. */
export interface Violation {
  /** Path of the field, e.g. `spec.toolboxes[2].name`. */
  readonly field: string;
  /** Kubernetes' cause reasons (k8s.io/apimachinery, metav1.CauseType). */
  readonly kind:
    "FieldValueRequired" | "FieldValueInvalid" | "FieldValueNotSupported" | "FieldValueDuplicate";
  /** States the rule and the way out on its own: of a 422, kubectl prints only these. */
  readonly message: string;
}

/** The object that a refusal is about. */
export interface Subject {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

/** What a request that may go on costs. */
export interface Warning {
  /** What people are told before it happens; API servers cut it at 256 characters. */
  readonly message: string;
  /** What to do instead, for those who have the room to say it. */
  readonly wayOut: string;
}

/** The request may go on. */
export interface Allow {
  readonly outcome: "allow";
  readonly reason: Reason<"allow">;
  readonly warnings?: readonly Warning[];
}

/** The request breaks a rule. */
export interface Deny {
  readonly outcome: "deny";
  readonly reason: Reason<"deny">;
  /** Names the object, the rule, the numbers and the way out. */
  readonly message: string;
  /** Present where an object was validated: it is then refused as invalid (422) instead of forbidden (403). */
  readonly invalid?: { readonly subject: Subject; readonly violations: readonly Violation[] };
}

/** A check could not be made, so the request is refused. */
export interface Failure {
  readonly outcome: "error";
  readonly reason: Reason<"error">;
  /** Says what could not be checked and what to do; names no internals. */
  readonly message: string;
}

/** There is nothing here that the rule could judge; the request goes on, and is counted apart. */
export interface Skip {
  readonly outcome: "skip";
  readonly reason: Reason<"skip">;
}

/** What a policy says of a request. The answer, the metric and the log line are all made of it. */
export type Decision = Allow | Deny | Failure | Skip;

/** The request may go on, for this reason. */
export const allow = (reason: Reason<"allow">): Allow => ({ outcome: "allow", reason });

/** The request may go on, and people are told what it costs. */
export const warn = (warnings: readonly Warning[]): Allow =>
  warnings.length === 0 ? allow("nothing-lost") : { outcome: "allow", reason: "warned", warnings };

/** The request is forbidden, for this reason. */
export const deny = (reason: Reason<"deny">, message: string): Deny => ({ outcome: "deny", reason, message });

/** The object is invalid: one refusal with all its violations. */
export function denyInvalid(
  reason: Reason<"deny">,
  { name, ...rest }: Subject,
  violations: readonly Violation[],
): Deny {
  const subject = { ...rest, name: shownName(name) };
  const list = violations.map(({ field, message }) => `${field}: ${message}`).join("; ");
  const message = `${subject.kind} "${subject.name}" is invalid: ${list}`;
  return { outcome: "deny", reason, message, invalid: { subject, violations } };
}

/** A check could not be made, for this reason. */
export const fail = (reason: Reason<"error">, message: string): Failure => ({
  outcome: "error",
  reason,
  message,
});

/** There is nothing to judge, for this reason. */
export const skip = (reason: Reason<"skip">): Skip => ({ outcome: "skip", reason });

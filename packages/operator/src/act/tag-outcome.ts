import type { RegistryErrorKind } from "@cocoonstack/registry";
import { type Outcome, outcomeOf } from "./outcome.js";

/** What a failure says of the change: it was planned by a tag that is another one now, it will not be done, or perhaps the next time. */
type Meaning = "stale" | "refused" | "failed";

const meanings = {
  changed: "stale",
  unsupported: "refused",
  denied: "refused",
  unauthorized: "refused",
  rejected: "refused",
  unavailable: "failed",
  "circuit-open": "failed",
  timeout: "failed",
  tls: "failed",
  credentials: "failed",
  "not-found": "failed",
  malformed: "failed",
  corrupt: "failed",
  "too-large": "failed",
  invalid: "failed",
  aborted: "failed",
  closed: "failed",
} as const satisfies Readonly<Record<RegistryErrorKind, Meaning>>;

const meaningOf: ReadonlyMap<unknown, Meaning> = new Map(Object.entries(meanings));

/** What a failed change at the registry says of the action that it was for. */
export function tagOutcomeOf(error: unknown): Outcome {
  const outcome = outcomeOf(error);
  if (outcome.kind !== "failed" || !("kind" in outcome.error)) return outcome;
  const meaning = meaningOf.get(outcome.error.kind);
  if (meaning === "stale") return { kind: "stale", why: outcome.error.message };
  return meaning === "refused" ? { ...outcome, isRefused: true } : outcome;
}

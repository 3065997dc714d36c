import type { DecisionRecord } from "../admission/index.js";
import { reasons } from "../policy/index.js";
import { type Paint, visible } from "@cocoonstack/program/terminal";

/** How decisions are shown: for people, or one JSON object a line. */
export type DecisionFormat = "text" | "json";

/**
 * A line about a decision. Nothing in it is of the object but its name and what the caller is told, in which values of fields
 * may stand.
 */
export function decisionLine(
  format: DecisionFormat,
  record: DecisionRecord,
  { time, paint }: { readonly time: Date; readonly paint: Paint },
): string {
  return format === "json"
    ? JSON.stringify({ time: time.toISOString(), ...record })
    : `${paint("dim", time.toTimeString().slice(0, 8))} ${verdict(record, paint)} ${visible(sentence(record))}`;
}

/**
 * Whether people are shown a decision: of one write that they make, API servers ask several times. Not of interest are advice that
 * has nothing to say, and the early leave of a pod, of which the final object is asked about again.
 */
export const isShown = ({ handler, result, warnings }: DecisionRecord): boolean =>
  handler === "warn" ? warnings !== undefined : handler !== "mutate" || result !== "allow";

const verdictOf = {
  allow: { word: "allowed", colour: "green" },
  deny: { word: "refused", colour: "red" },
  error: { word: "failed", colour: "red" },
  skip: { word: "skipped", colour: "dim" },
} as const;

const warned = { word: "warned", colour: "yellow" } as const;

function verdict({ result, warnings }: DecisionRecord, paint: Paint): string {
  const { word, colour } = warnings === undefined ? verdictOf[result] : warned;
  return paint(colour, word.padEnd("refused".length));
}

function sentence(record: DecisionRecord): string {
  const { operation, kind, resource, subResource, user, dryRun } = record;
  const what = subResource === undefined ? kind : `${resource ?? kind}/${subResource}`;
  const trial = dryRun === true ? " (dry run)" : "";
  return `${operation} ${what} ${nameOf(record)} by ${user}${trial}: ${whyOf(record)}`;
}

function nameOf({ namespace, name, generateName }: DecisionRecord): string {
  const known = name === "" ? `${generateName ?? ""}*` : name;
  return namespace === "" ? known : `${namespace}/${known}`;
}

/** What the caller is told, and where that is nothing, what the documentation says of the reason. */
function whyOf({ result, reason, message, warnings }: DecisionRecord): string {
  const texts: Readonly<Record<string, string>> = reasons[result];
  return message ?? warnings?.join("; ") ?? texts[reason] ?? reason;
}

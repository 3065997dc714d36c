import type { Finding } from "../check/index.js";
import type { Fault } from "../manifests/index.js";
import { rules } from "../rules/index.js";

/** The outcome of a check. */
export interface Report {
  readonly findings: readonly Finding[];
  /** What could not be checked. */
  readonly faults: readonly Fault[];
  /** How many objects were read, whether a rule is about them or not. */
  readonly objects: number;
  readonly files: number;
}

/** `Pod prod/web`. */
export const titleOf = ({ kind, namespace, name }: Finding["object"]): string =>
  kind === "" ? "document" : `${kind} ${namespace}/${name === "" ? "(unnamed)" : name}`;

/** What to do about a finding; undefined where its message says that already. */
export const wayOutOf = ({ rule, message, wayOut }: Finding): string | undefined =>
  rules[rule].wayOutInMessage || message.includes(wayOut) ? undefined : wayOut;

/** How many findings of a severity there are. */
export const countOf = ({ findings }: Report, severity: Finding["severity"]): number =>
  findings.filter((finding) => finding.severity === severity).length;

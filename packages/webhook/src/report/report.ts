import type { Finding } from "../check/index.js";
import type { Fault } from "../manifests/index.js";

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

/** How many findings of a severity there are. */
export const countOf = ({ findings }: Report, severity: Finding["severity"]): number =>
  findings.filter((finding) => finding.severity === severity).length;

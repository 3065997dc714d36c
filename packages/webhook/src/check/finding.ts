import type { Place } from "../manifests/index.js";
import type { RuleId } from "../rules/index.js";

/** What an object is called, in a manifest as in the cluster. */
export interface ObjectName {
  /** API group, `""` for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  /** Empty where the manifest has none. */
  readonly name: string;
}

/** A rule that an object breaks, before it is known where the object stands. */
export interface Breach {
  readonly rule: RuleId;
  /** Path of the field, such as `spec.toolboxes[2].name`; empty for the object itself. */
  readonly field: string;
  readonly message: string;
  /** What to do about this very breach. @default what the rule says in general */
  readonly wayOut?: string;
}

/** A rule that an object breaks, and where. */
export interface Finding extends Breach, Place {
  readonly severity: "error" | "warning";
  readonly object: ObjectName;
  /** What to do about it. */
  readonly wayOut: string;
}

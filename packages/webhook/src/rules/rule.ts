/** Manifests that break a rule, or keep it. */
export interface Example {
  readonly manifests: string;
  /** What is in the cluster before, for a rule about changes. */
  readonly before?: string;
}

/** A rule, as people read about it. */
export interface Rule {
  /** One line, in the terms of who wrote the manifest. */
  readonly title: string;
  /** An error fails `check`; a warning does so with `--strict`. */
  readonly severity: "error" | "warning";
  /** Kinds of objects. */
  readonly concerns: string;
  /** What is looked at, and why it matters. */
  readonly explanation: string;
  /** What to do about it, in general; a finding's message says more. */
  readonly wayOut: string;
  /** Whether every message says what to do about it, in its own words: people need not be told twice. */
  readonly wayOutInMessage: boolean;
  /** Undefined for what only a cluster can tell. */
  readonly examples: { readonly bad: Example; readonly good: Example } | undefined;
}

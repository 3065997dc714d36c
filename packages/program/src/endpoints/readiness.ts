/** One condition of being ready. */
export interface ReadinessCheck {
  /** E.g. `certificate`. */
  readonly name: string;
  /**
   * Why the program is not ready, or undefined. Called in the probe, so it only looks at what is known already; shown to
   * whoever asks, so it names no internals.
   */
  readonly fault: () => string | undefined;
}

/** What `/readyz` answers. */
export interface ReadinessReport {
  readonly ready: boolean;
  /** Why it is not, as `CHECK: FAULT`. */
  readonly faults: readonly string[];
  /** In the form of Kubernetes' own `/readyz?verbose`. */
  readonly verbose: string;
}

/** Whether the program can do its work, check by check. */
export function reportReadiness(checks: readonly ReadinessCheck[]): ReadinessReport {
  const results = checks.map(({ name, fault }) => ({ name, fault: fault() }));
  const faults = results.flatMap(({ name, fault }) => (fault === undefined ? [] : [`${name}: ${fault}`]));
  const ready = faults.length === 0;
  const lines = results.map(({ name, fault }) =>
    fault === undefined ? `[+]${name} ok` : `[-]${name} failed: ${fault}`,
  );
  const verbose = [...lines, `readyz check ${ready ? "passed" : "failed"}`, ""].join("\n");
  return { ready, faults, verbose };
}

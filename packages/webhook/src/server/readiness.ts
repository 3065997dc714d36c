/** One condition of being ready. */
export interface ReadinessCheck {
  /** E.g. `certificate`. */
  readonly name: string;
  /** Why the webhook is not ready, or undefined. Called in the probe, so it only looks at what is known already. */
  readonly fault: () => string | undefined;
}

/** What `/readyz` answers. */
export interface ReadinessReport {
  readonly ready: boolean;
  /** In the form of Kubernetes' own `/readyz?verbose`. */
  readonly verbose: string;
}

/** Whether the webhook can serve, check by check. */
export function reportReadiness(checks: readonly ReadinessCheck[]): ReadinessReport {
  const results = checks.map(({ name, fault }) => ({ name, fault: fault() }));
  const ready = results.every(({ fault }) => fault === undefined);
  const lines = results.map(({ name, fault }) =>
    fault === undefined ? `[+]${name} ok` : `[-]${name} failed: ${fault}`,
  );
  return { ready, verbose: [...lines, `readyz check ${ready ? "passed" : "failed"}`, ""].join("\n") };
}

/** The part of `npm audit --json` that is read. */
export interface AuditReport {
  /** 2 for the form that is read here; absent where the registry did not answer. */
  readonly auditReportVersion?: number;
  readonly vulnerabilities?: Readonly<Record<string, Vulnerability>>;
  /** Why there is no report. */
  readonly message?: string;
}

/** A package with an advisory, or that depends on one that has: then `via` names that one. */
export interface Vulnerability {
  readonly via: readonly (string | Advisory)[];
}

/** An advisory of a package. */
export interface Advisory {
  readonly name: string;
  readonly severity: string;
  readonly title: string;
  /** Ends in the identifier, as `…/GHSA-xxxx-xxxx-xxxx`. */
  readonly url: string;
}

/** An advisory that is known, does not concern us, and is looked at again in time. */
export interface AuditException {
  /** E.g. `GHSA-xxxx-xxxx-xxxx`. */
  readonly advisory: string;
  readonly reason: string;
  /** The last day on which it holds, as `2027-01-31`. */
  readonly expires: string;
}

/** How long an exception may hold. */
const longestDays = 90;
const dayMs = 24 * 60 * 60_000;

/**
 * What keeps a release back: a line for each advisory without an exception that holds, for each exception that is wrong or that nothing
 * needs, and for a report that is none. Silence of a registry is not absence of advisories.
 */
export function auditFaults(
  report: AuditReport,
  exceptions: readonly AuditException[],
  today: Date,
): readonly string[] {
  if (report.auditReportVersion !== 2 || report.vulnerabilities === undefined) {
    return [
      `npm audit gave no report${report.message === undefined ? "" : ` (${report.message})`}: ask a registry that knows advisories, by --registry`,
    ];
  }
  const advisories = Object.values(report.vulnerabilities).flatMap(({ via }) =>
    via.filter((cause) => typeof cause !== "string"),
  );
  const found = new Map(advisories.map((advisory) => [idOf(advisory), advisory]));
  const open = [...found]
    .filter(([id]) => !exceptions.some(({ advisory }) => advisory === id))
    .map(([id, { name, severity, title }]) => `${name}: ${title} (${severity}, ${id})`);
  return [...open, ...exceptions.flatMap((exception) => exceptionFaults(exception, found, today))];
}

const idOf = ({ url }: Advisory): string => url.slice(url.lastIndexOf("/") + 1);

function exceptionFaults(
  { advisory, reason, expires }: AuditException,
  found: ReadonlyMap<string, Advisory>,
  today: Date,
): readonly string[] {
  const name = `the exception for ${advisory}`;
  if (!found.has(advisory)) return [`${name} is not needed: take it out`];
  // To the end of its last day.
  const leftMs = Date.parse(`${expires}T23:59:59Z`) - today.getTime();
  if (Number.isNaN(leftMs)) return [`${name} must say when it expires, as 2027-01-31`];
  if (leftMs < 0) return [`${name} expired on ${expires}: update the package, or judge it anew`];
  if (leftMs > (longestDays + 1) * dayMs) return [`${name} must expire within ${longestDays} days`];
  return reason.trim() === "" ? [`${name} must say why it does not concern us`] : [];
}

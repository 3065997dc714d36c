/** A package as package-lock.json has it. */
export interface LockedPackage {
  readonly license?: string;
  /** A workspace of this repository, or a link to one. */
  readonly link?: boolean;
}

/** The part of package-lock.json that is read. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** A package whose licence is not on the list, and why it may be used all the same. */
export interface LicenceException {
  /** Of names that begin so. */
  readonly packages: string;
  readonly licence: string;
  readonly reason: string;
}

/** What may be used, and under which conditions. */
export interface LicenceRules {
  /** SPDX identifiers. */
  readonly allowed: readonly string[];
  readonly exceptions: readonly LicenceException[];
}

/**
 * What is wrong with the licences of everything that is installed: a line for each package without one that is allowed, and
 * for each exception that nothing needs any more.
 */
export function licenceFaults(lockfile: Lockfile, { allowed, exceptions }: LicenceRules): readonly string[] {
  const needed = new Set<LicenceException>();
  const faults = Object.entries(lockfile.packages)
    .filter(([place, { link }]) => place.includes("node_modules/") && link !== true)
    .flatMap(([place, { license }]) => {
      const name = place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
      if (license === undefined) return [`${name} names no licence: read it, and add an exception`];
      if (isAllowed(license, allowed)) return [];
      const exception = exceptions.find(
        ({ packages, licence }) => name.startsWith(packages) && license === licence,
      );
      if (exception === undefined) return [`${name} is under ${license}, which is not on the list`];
      needed.add(exception);
      return [];
    });
  const spare = exceptions
    .filter((exception) => !needed.has(exception))
    .map(({ packages, licence }) => `the exception for ${packages} (${licence}) is not needed: take it out`);
  return [...faults, ...spare];
}

/** Whether one of the licences to choose from is on the list; "AND" is no choice, and so never is. */
const isAllowed = (expression: string, allowed: readonly string[]): boolean =>
  expression
    .replace(/^\((.*)\)$/, "$1")
    .split(" OR ")
    .some((licence) => allowed.includes(licence));

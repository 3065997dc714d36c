const decimal = /^[1-9][0-9]*$/;

/**
 * Whether an object's version is not older than another of the same collection. Kubernetes promises since 1.35 that resourceVersions are
 * numbers that only grow, and has kept to it before; of a server that has other ones, equality is all that is known.
 *
 * @example
 * ```ts
 * isAtLeast("1000", "999"); // true
 * ```
 */
export function isAtLeast(version: string, other: string): boolean {
  if (version === other) return true;
  if (!decimal.test(version) || !decimal.test(other)) return false;
  // As texts: the numbers may be longer than JavaScript's hold exactly.
  return version.length === other.length ? version > other : version.length > other.length;
}

/**
 * The part of a VM's name that all VMs of a set share: `NAMESPACE-NAME`. Two sets can have a VM of one name only where one of these
 * begins with the other, up to a hyphen.
 */
export const vmBase = (namespace: string, name: string): string => `${namespace}-${name}`;

/**
 * What a name begins with, up to each of its hyphens, and the name itself.
 *
 * @example
 * ```ts
 * prefixesOf("a-b-c"); // ["a", "a-b", "a-b-c"]
 * ```
 */
export function prefixesOf(name: string): readonly string[] {
  const parts = name.split("-");
  return parts.map((_, index) => parts.slice(0, index + 1).join("-"));
}

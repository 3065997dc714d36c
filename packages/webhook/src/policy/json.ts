/** A JSON object of which only the keys that matter are read. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object; undefined where it is anything else. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/**
 * Whether two JSON values are equal: same types, same members in any order, same elements in the same order. Walks with
 * a list instead of recursion, so that no depth of nesting overflows the stack.
 */
export function jsonEqual(a: unknown, b: unknown): boolean {
  const pending: [unknown, unknown][] = [[a, b]];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [left, right] = pair;
    if (left === right) continue;
    const children = childrenOf(left, right);
    if (children === undefined) return false;
    for (const child of children) pending.push(child);
  }
  return true;
}

/** The pairs that must be equal for two different values to be equal; undefined where they cannot be. */
function childrenOf(left: unknown, right: unknown): [unknown, unknown][] | undefined {
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length
      ? left.map((item, index) => [item, right[index]])
      : undefined;
  }
  const [l, r] = [asObject(left), asObject(right)];
  if (l === undefined || r === undefined) return undefined;
  const keys = Object.keys(l);
  return keys.length === Object.keys(r).length && keys.every((key) => Object.hasOwn(r, key))
    ? keys.map((key) => [l[key], r[key]])
    : undefined;
}

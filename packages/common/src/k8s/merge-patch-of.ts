import { isObject } from "../internal/index.js";

/**
 * The JSON merge patch (RFC 7396) that makes `after` of `before`, or undefined when they are equal and there is nothing to
 * patch. Both are plain JSON; undefined counts as missing, as JSON has it.
 *
 * A merge patch says "remove" by `null`, so it cannot set a field to `null`: a field that is `null` in `after` counts as
 * missing, which for Kubernetes is the same. Lists are replaced whole.
 *
 * Pure: neither argument is changed. Parts of `after` are part of the patch, not copied.
 *
 * @example
 * ```ts
 * mergePatchOf({ a: 1, b: { c: 2, d: 3 } }, { b: { c: 2, d: 4 } }); // { a: null, b: { d: 4 } }
 * mergePatchOf({ a: 1 }, { a: 1 }); // undefined
 * ```
 */
export function mergePatchOf(before: unknown, after: unknown): unknown {
  if (!isObject(after)) return sameJson(before, after) ? undefined : after;
  // Onto anything but an object, a patch is applied as onto an empty one.
  const base = isObject(before) ? before : {};
  const removed = Object.keys(base)
    .filter((key) => isSet(base[key]) && !(Object.hasOwn(after, key) && isSet(after[key])))
    .map((key): [string, unknown] => [key, null]);
  const changed = Object.entries(after).flatMap(([key, value]): [string, unknown][] => {
    if (!isSet(value)) return [];
    const patch = mergePatchOf(Object.hasOwn(base, key) ? base[key] : undefined, value);
    return patch === undefined ? [] : [[key, patch]];
  });
  const patch = Object.fromEntries([...removed, ...changed]);
  return base === before && Object.keys(patch).length === 0 ? undefined : patch;
}

const isSet = (value: unknown): boolean => value !== null && value !== undefined;

/** Whether both are written as the same JSON, whatever the order of their keys. */
function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item ?? null, b[index] ?? null));
  }
  if (isObject(a) && isObject(b)) {
    const [keys, others] = [definedKeys(a), definedKeys(b)];
    return (
      keys.length === others.length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
    );
  }
  return a === b;
}

const definedKeys = (record: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(record).filter((key) => record[key] !== undefined);

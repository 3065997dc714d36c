/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What stands at a path; undefined where there is nothing, or something on the way is no object. */
function at(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const key of path) found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  return found;
}

export const textAt = (value: unknown, ...path: readonly string[]): string | undefined => {
  const found = at(value, path);
  return typeof found === "string" ? found : undefined;
};

/** A whole number. */
export const numberAt = (value: unknown, ...path: readonly string[]): number | undefined => {
  const found = at(value, path);
  return typeof found === "number" && Number.isInteger(found) ? found : undefined;
};

export const objectAt = (value: unknown, ...path: readonly string[]): Json | undefined => {
  const found = at(value, path);
  return isObject(found) ? found : undefined;
};

export const listAt = (value: unknown, ...path: readonly string[]): readonly unknown[] | undefined => {
  const found = at(value, path);
  return Array.isArray(found) ? found : undefined;
};

/** Whether a value is a JSON object: not `null`, and no array. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value of JSON in UTF-8, or undefined where it is none. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}

/** An own property that is a text. */
export function textOf(object: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** An own property that is an object of texts alone. */
export function textsOf(
  object: Readonly<Record<string, unknown>>,
  key: string,
): Readonly<Record<string, string>> | undefined {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  if (!isObject(value) || !Object.values(value).every((each) => typeof each === "string")) return undefined;
  return value as Readonly<Record<string, string>>;
}

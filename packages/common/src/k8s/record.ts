import { isObject } from "../internal/index.js";

/** Reading of parsed YAML and JSON of which nothing is known yet. */
export type UnknownRecord = Readonly<Record<string, unknown>>;

/** The record at `key`, or an empty one. */
export function recordAt(record: UnknownRecord, key: string): UnknownRecord {
  const value = record[key];
  return isObject(value) ? value : {};
}

/** The records of the list at `key`; whatever else it holds is left out. */
export function recordsAt(record: UnknownRecord, key: string): readonly UnknownRecord[] {
  const value = record[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The text at `key`, or undefined when it is missing, empty or something else. */
export function textAt(record: UnknownRecord, key: string): string | undefined {
  const value = record[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The texts of the list at `key`. */
export function textsAt(record: UnknownRecord, key: string): readonly string[] {
  const value = record[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

import type { Schema } from "@cocoonstack/common/apis/v1";
import { nearest } from "../words/index.js";

/** A field that the API does not have. */
export interface UnknownField {
  /** Its path, such as `spec.toolboxes[2].img`. */
  readonly field: string;
  /** What is to be said of it, after its path. */
  readonly message: string;
}

/** Fields of ObjectMeta (meta/v1) that our schema, which has what components read, leaves out. */
const furtherMetadata = ["deletionGracePeriodSeconds", "managedFields", "selfLink"];

/**
 * The fields of an object that its schema does not have; each once, and nothing of what is in them.
 *
 * @example
 * unknownFields({ spec: { agent: { replica: 2 } } }, cocoonSetSchema)[0]?.field; // "spec.agent.replica"
 */
export function unknownFields(object: unknown, schema: Schema): readonly UnknownField[] {
  return [...unknownIn(object, schema, "")].filter(
    ({ field }) => !furtherMetadata.some((name) => field === `metadata.${name}`),
  );
}

function* unknownIn(value: unknown, schema: Schema, path: string): Generator<UnknownField> {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return;
    for (const [index, item] of value.entries()) yield* unknownIn(item, items, `${path}[${index}]`);
    return;
  }
  const { properties } = schema;
  if (typeof value !== "object" || value === null || properties === undefined) return;
  const known = new Map(Object.entries(properties));
  for (const [key, member] of Object.entries(value)) {
    const field = pathTo(path, key);
    const inner = known.get(key);
    if (inner !== undefined) yield* unknownIn(member, inner, field);
    else yield { field, message: messageFor(key, [...known.keys()]) };
  }
}

/** A key that would not read as one step of a path stands in brackets. */
function pathTo(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
}

function messageFor(key: string, known: readonly string[]): string {
  const same = known.find((name) => name.toLowerCase() === key.toLowerCase());
  if (same !== undefined) return `is no field of the API; "${same}" is written so`;
  const meant = nearest(key, known);
  const hint = meant === undefined ? "" : `did you mean "${meant}"? `;
  return `is no field of the API; ${hint}there are ${[...known].sort().join(", ")}`;
}

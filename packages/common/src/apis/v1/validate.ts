import { isObject } from "../../internal/index.js";
import { compile } from "./checker.js";
import type { DecodeFault } from "./decoded.js";
import { type Check, isAbsent, pathOf } from "./fault.js";
import { cocoonHibernationSchema, cocoonSetSchema } from "./schema.generated.js";
import type { Schema } from "./schema.js";
import type { CocoonHibernation, CocoonSet } from "./types.generated.js";

/**
 * The outcome of validating.
 *
 * @example
 * ```ts
 * const result = validateCocoonSet(object);
 * if (!result.ok) console.error(`${result.path} ${result.message}`);
 * ```
 */
export type ValidateResult<T> = { readonly ok: true; readonly value: T } | DecodeFault;

function validator<T>(schema: Schema): (value: unknown) => ValidateResult<T> {
  let check: Check | undefined;
  return (value) => {
    check ??= compile(schema, "all");
    const found = check(value);
    if (found === undefined) return { ok: true, value: copied(value, schema) as T };
    return { ok: false, path: pathOf(found), message: found.message };
  };
}

/** A copy without `null`, for which the types have no place. Fields that the schema does not know go along as they are. */
function copied(value: unknown, schema: Schema | undefined): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => copied(item, schema.items));
  if (!isObject(value)) return value;
  const properties = new Map(Object.entries(schema.properties ?? {}));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      const inner = properties.get(key) ?? schema.additionalProperties;
      return inner !== undefined && isAbsent(member) ? [] : [[key, copied(member, inner)]];
    }),
  );
}

const cocoonSet = validator<CocoonSet>(cocoonSetSchema);
const cocoonHibernation = validator<CocoonHibernation>(cocoonHibernationSchema);

/**
 * Reads parsed JSON as a CocoonSet that keeps everything its schema says: types, enums, bounds, patterns, required fields,
 * distinct names in lists. (Rules between fields are not in the schema: those are the CRD's CEL and the webhook's.)
 * `null` counts as missing, except in a list, where it is a fault; defaults are not filled in, and fields that the schema
 * does not know are kept.
 *
 * The value is not changed; what comes back is a copy as far as the schema goes. Only the first fault is told.
 *
 * @example
 * ```ts
 * const result = validateCocoonSet({ spec: { agent: { image: "a", mode: "walk" } } });
 * // { ok: false, path: "spec.agent.mode", message: "must be one of clone, run" }
 * ```
 */
export const validateCocoonSet = (value: unknown): ValidateResult<CocoonSet> => cocoonSet(value);

/**
 * Reads parsed JSON as a CocoonHibernation, by the same rules as {@link validateCocoonSet}.
 *
 * @example
 * ```ts
 * const result = validateCocoonHibernation({ spec: { podRef: { name: "demo-0" } } });
 * // { ok: false, path: "spec.desire", message: "must be set" }
 * ```
 */
export const validateCocoonHibernation = (value: unknown): ValidateResult<CocoonHibernation> =>
  cocoonHibernation(value);

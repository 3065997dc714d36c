import { compile } from "./checker.js";
import type { Decoded, DecodeResult } from "./decoded.js";
import { type Check, pathOf } from "./fault.js";
import { cocoonHibernationSchema, cocoonSetSchema } from "./schema.generated.js";
import type { Schema } from "./schema.js";
import type { CocoonHibernation, CocoonSet } from "./types.generated.js";

function decoder<T>(schema: Schema): (value: unknown) => DecodeResult<T> {
  let check: Check | undefined;
  return (value) => {
    check ??= compile(schema, "types");
    const found = check(value);
    if (found === undefined) return { ok: true, value: value as Decoded<T> };
    return { ok: false, path: pathOf(found), message: found.message };
  };
}

const cocoonSet = decoder<CocoonSet>(cocoonSetSchema);
const cocoonHibernation = decoder<CocoonHibernation>(cocoonHibernationSchema);

/**
 * Reads parsed JSON as a CocoonSet, by the rules of Kubernetes' JSON decoder in Go: a wrong type, an integer that does
 * not fit, a malformed quantity or time is a fault; `null` and a missing field are the same, whatever the schema
 * requires; unknown fields are ignored; names of fields count with their case. Whether values are allowed (enums,
 * bounds, patterns, required fields) is not asked: that is for whoever decides about the object, all at once.
 *
 * The object is neither copied nor changed.
 *
 * @example
 * ```ts
 * const result = decodeCocoonSet({ spec: { agent: { image: "a", replicas: "2" } } });
 * // { ok: false, path: "spec.agent.replicas", message: "must be an integer, not a string" }
 * ```
 */
export const decodeCocoonSet = (value: unknown): DecodeResult<CocoonSet> => cocoonSet(value);

/**
 * Reads parsed JSON as a CocoonHibernation, by the same rules as {@link decodeCocoonSet}.
 *
 * @example
 * ```ts
 * const result = decodeCocoonHibernation(object);
 * const pod = result.ok ? result.value.spec?.podRef?.name : undefined;
 * ```
 */
export const decodeCocoonHibernation = (value: unknown): DecodeResult<CocoonHibernation> =>
  cocoonHibernation(value);

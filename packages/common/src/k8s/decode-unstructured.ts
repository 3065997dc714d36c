import { isObject } from "../internal/index.js";
import {
  type CocoonHibernation,
  type CocoonSet,
  validateCocoonHibernation,
  validateCocoonSet,
  type ValidateResult,
} from "../apis/v1/index.js";
import { apiVersion } from "../meta/index.js";

/**
 * The kinds that {@link decodeUnstructured} knows, with their types.
 *
 * @example
 * ```ts
 * const kind: keyof CocoonKinds = "CocoonSet";
 * ```
 */
export interface CocoonKinds {
  CocoonSet: CocoonSet;
  CocoonHibernation: CocoonHibernation;
}

/**
 * An object that is not what it should be. The message is one line that begins with the kind and holds no values:
 * `CocoonSet: spec.agent.mode must be one of clone, run`.
 *
 * @example
 * ```ts
 * const path = error instanceof DecodeError ? error.path : undefined;
 * ```
 */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  /** The kind that was asked for. */
  readonly kind: string;
  /** The field, such as `spec.toolboxes[2].probePort`; empty for the object itself. */
  readonly path: string;

  constructor(kind: string, path: string, fault: string) {
    super(path === "" ? `${kind}: ${fault}` : `${kind}: ${path} ${fault}`);
    this.kind = kind;
    this.path = path;
  }
}

const validators: {
  readonly [Kind in keyof CocoonKinds]: (value: unknown) => ValidateResult<CocoonKinds[Kind]>;
} = { CocoonSet: validateCocoonSet, CocoonHibernation: validateCocoonHibernation };

/**
 * Reads parsed JSON as an object of `kind` that keeps all of its schema: types, enums, bounds, patterns, required fields. An
 * object that says it is of another kind or version is refused; one that says neither, as in a list, is taken. `null` counts
 * as missing, defaults are not filled in, unknown fields are kept, and the value is not changed.
 *
 * @throws {DecodeError} that names the first field at fault.
 *
 * @example
 * ```ts
 * const { body } = await connection.getJson("/apis/cocoonset.cocoonstack.io/v1/namespaces/shop/cocoonsets/demo");
 * const set = decodeUnstructured(body, "CocoonSet");
 * console.log(set.spec.agent.image);
 * ```
 */
export function decodeUnstructured<Kind extends keyof CocoonKinds>(
  value: unknown,
  kind: Kind,
): CocoonKinds[Kind] {
  if (isObject(value)) {
    for (const [field, expected] of Object.entries({ apiVersion, kind })) {
      if ((value[field] ?? expected) !== expected) throw new DecodeError(kind, field, `must be ${expected}`);
    }
  }
  const result = validators[kind](value);
  if (!result.ok) throw new DecodeError(kind, result.path, result.message);
  return result.value;
}

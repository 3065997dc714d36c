import Type, { type TSchema } from "typebox";

/**
 * The same schema with other words: a shared shape means something else in each place that uses it.
 *
 * @example
 * ```ts
 * const image = described(Type.String(), "What the VM boots.");
 * ```
 */
export function described<S extends TSchema>(schema: S, description: string): S {
  // typebox gives a type of its own for the schema with options; a description is no part of what a schema allows.
  return Type.With(schema, { description }) as unknown as S;
}

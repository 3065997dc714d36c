/**
 * What is known of a `T` once its JSON was decoded, and no more: every field may be missing or `null`, which both mean
 * "not set" (read them with `?? `), an enum is still any string, and nothing may be written, because it is the very
 * object that was given. A `T` is always a `Decoded<T>`, so functions that take the latter take both.
 *
 * @example
 * ```ts
 * const imageOf = (set: Decoded<CocoonSet>): string => set.spec?.agent?.image ?? "";
 * ```
 */
export type Decoded<T> = T extends string
  ? string
  : T extends number | boolean
    ? T
    : T extends readonly (infer Item)[]
      ? readonly (Decoded<Item> | null)[]
      : { readonly [Key in keyof T]?: Decoded<T[Key]> | null };

/**
 * Where decoding found something wrong, and what.
 *
 * @example
 * ```ts
 * const inOneLine = ({ path, message }: DecodeFault): string => `${path} ${message}`;
 * ```
 */
export interface DecodeFault {
  readonly ok: false;
  /** The field, such as `spec.toolboxes[2].probePort`; empty for the object itself. */
  readonly path: string;
  /** What it should be and what it is, such as `must be an integer, not a string`; never its value. */
  readonly message: string;
}

/**
 * The outcome of decoding.
 *
 * @example
 * ```ts
 * const result = decodeCocoonSet(object);
 * const fault = result.ok ? undefined : `${result.path}: ${result.message}`;
 * ```
 */
export type DecodeResult<T> = { readonly ok: true; readonly value: Decoded<T> } | DecodeFault;

/**
 * The API `cocoonset.cocoonstack.io/v1`: types, enums, defaults, schemas, and the decoder.
 *
 * @module
 */
export { decodeCocoonHibernation, decodeCocoonSet } from "./decode.js";
export type { Decoded, DecodeFault, DecodeResult } from "./decoded.js";
export * from "./enums.generated.js";
export * from "./enums.js";
export { type ParsedQuantity, parseQuantity, parsesAsQuantity, type QuantityFormat } from "./quantity.js";
export { cocoonHibernationSchema, cocoonSetSchema } from "./schema.generated.js";
export type { Schema } from "./schema.js";
export type * from "./types.generated.js";
export { validateCocoonHibernation, validateCocoonSet, type ValidateResult } from "./validate.js";

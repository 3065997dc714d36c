/**
 * Fields of an object that its API does not have.
 *
 * @module
 */
export { type UnknownField, unknownFields } from "./unknown-fields.js";

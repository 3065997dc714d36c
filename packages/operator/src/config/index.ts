/**
 * The settings of the operator, as one table.
 *
 * @module
 */
export { type Config, options } from "./options.js";

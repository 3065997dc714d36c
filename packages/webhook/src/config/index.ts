/**
 * The settings of the webhook: one table, from which the parser, the help and the documentation are made.
 *
 * @module
 */
export { type Config, options } from "./options.js";
export { userNames } from "./parsers.js";
export { type ConfigResult, type Flags, readConfig } from "./read-config.js";

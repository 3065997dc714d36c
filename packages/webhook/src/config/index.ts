/**
 * The settings of the webhook: one table, from which the parser, the help and the documentation are made.
 *
 * @module
 */
export { configurationTable } from "./configuration-table.js";
export { type Option } from "./option.js";
export { type Config, type OptionName, options } from "./options.js";
export { userNames } from "./parsers.js";
export { mistypedText, mistypedVariables } from "./mistyped-variables.js";
export { type ConfigResult, type Environment, type Flags, readConfig } from "./read-config.js";

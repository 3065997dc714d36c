/**
 * The settings of a program: one table, from which the parser, the help and the documentation are made.
 *
 * @module
 */
export { mistypedText, type MistypedVariable, mistypedVariables } from "./mistyped-variables.js";
export { mustBe, option, type Option, type OptionTable, parsed, type Parsed } from "./option.js";
export {
  bool,
  count,
  durationBetween,
  durationMs,
  listenAddress,
  logLevels,
  oneOf,
  optionalText,
  positiveDurationMs,
  text,
} from "./parsers.js";
export {
  type Environment,
  flagName,
  type FlagsOf,
  readSettings,
  type SettingsOf,
  type SettingsResult,
} from "./read-settings.js";
export { settingsTable } from "./settings-table.js";

/**
 * The log: one JSON object a line, without secrets.
 *
 * @module
 */
export { levels, LogLevelError, type Level } from "./level.js";
export { setup, type Logger, type SetupOptions } from "./setup.js";

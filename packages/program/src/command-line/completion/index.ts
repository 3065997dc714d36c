/**
 * Completion in shells: a script for each that asks the executable what can stand at the cursor, so that it is always
 * that of the version which is installed.
 *
 * @module
 */
export { complete } from "./complete.js";
export { scripts, type Shell } from "./scripts.js";

/**
 * What a check found, as text for people and for machines.
 *
 * @module
 */
export { type Format, render } from "./formats.js";
export type { Report } from "./report.js";

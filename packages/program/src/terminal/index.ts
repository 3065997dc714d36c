/**
 * Text for people at a terminal: colours where they are wanted, and nothing in it that steers the terminal.
 *
 * @module
 */
export { hasColours, type Paint, painter } from "./paint.js";
export { visible } from "./visible.js";

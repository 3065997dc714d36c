/**
 * What people probably meant by a word that nobody knows.
 *
 * @module
 */
export { nearest } from "./nearest.js";

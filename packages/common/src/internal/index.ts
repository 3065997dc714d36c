// What several rooms of the library need: this folder is no entry point of the package.
export { errorCode } from "./error-code.js";
export { isObject } from "./is-object.js";
export { type Place, UnderWay } from "./under-way.js";

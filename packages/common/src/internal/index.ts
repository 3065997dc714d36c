// What several rooms of the library need and no consumer asks for: this folder is no entry point of the package.
export { errorCode } from "./error-code.js";
export { isObject } from "./is-object.js";

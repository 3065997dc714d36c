export { levels, LogLevelError, type Level } from "./level.js";
export { setup, type Logger, type SetupOptions } from "./setup.js";

/**
 * The manners of a program that people call: its help, its suggestions, its exit codes, its end.
 *
 * @module
 */
export { addSettings, type Given } from "./add-settings.js";
export { type BuildInfo, buildInfo } from "./build-info.js";
export { clusterOf, connectTo } from "./cluster.js";
export { scripts, type Shell } from "./completion/index.js";
export { completeCommand, completionCommand } from "./completion-command.js";
export { helpCommand } from "./help-command.js";
export { SettingOption } from "./manners.js";
export { print, say } from "./print.js";
export { runProgram } from "./run-program.js";
export { asStartupError, StartupError } from "./startup-error.js";
export { type StopSignals, stopSignals } from "./stop-signals.js";
export { versionCommand } from "./version-command.js";

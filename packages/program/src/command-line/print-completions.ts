import type { Command } from "commander";
import { complete, scripts, type Shell } from "./completion/index.js";
import { nearest } from "../words/index.js";
import { print } from "./print.js";
import { StartupError } from "./startup-error.js";

/**
 * Prints the script of a shell.
 *
 * @throws {StartupError} when there is none for it
 */
export function printScript(program: string, shell: string): void {
  if (!isShell(shell)) {
    const shells = Object.keys(scripts);
    const meant = nearest(shell, shells);
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    throw new StartupError([`there is no script for '${shell}', only for ${shells.join(", ")}${hint}`], 2);
  }
  print(scripts[shell](program));
}

const isShell = (name: string): name is Shell => Object.hasOwn(scripts, name);

/** Prints what can stand in place of the last word, as the scripts read it. */
export function printCompletions(program: Command, words: readonly string[]): void {
  const { candidates, files } = complete(program, words);
  const lines = candidates.map(({ value, description }) => `${value}\t${description}`);
  print([files ? "files" : "words", ...lines, ""].join("\n"));
}

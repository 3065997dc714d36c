import type { Command } from "commander";
import { complete, scripts, type Shell } from "./completion/index.js";
import { print } from "./print.js";

/** Prints the script of a shell. */
export function printScript(shell: Shell): void {
  print(scripts[shell]);
}

/** Prints what can stand in place of the last word, as the scripts read it. */
export function printCompletions(program: Command, words: readonly string[]): void {
  const { candidates, files } = complete(program, words);
  const lines = candidates.map(({ value, description }) => `${value}\t${description}`);
  print([files ? "files" : "words", ...lines, ""].join("\n"));
}

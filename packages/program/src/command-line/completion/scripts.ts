import { bash } from "./bash.js";
import { fish } from "./fish.js";
import { zsh } from "./zsh.js";

/**
 * What each shell has to load. All of them ask `PROGRAM __complete -- WORD…`, and the last word is the one that is
 * completed. The first line of the answer is `files`, where the shell completes names of files, or `words`; then comes
 * a line for each candidate, with what it is behind a tab.
 */
export const scripts = { bash, zsh, fish } as const;

/** A shell that has a script. */
export type Shell = keyof typeof scripts;

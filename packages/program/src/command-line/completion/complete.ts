import type { Argument, Command, Option } from "commander";

/** What can stand at the place of the last word. */
export interface Completions {
  readonly candidates: readonly Candidate[];
  /** Whether the names of files can stand there, too; the shell knows them better. */
  readonly files: boolean;
}

/** A word that can stand there, and what it is, which may be empty. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** Where the words before the last one have led. */
interface Place {
  readonly program: Command;
  readonly command: Command;
  /** The option that the next word is the value of. */
  readonly pending?: Option | undefined;
  /** How many arguments the command has already. */
  readonly args: number;
  readonly used: readonly Option[];
  /** After `--`, nothing is an option. */
  readonly optionsEnded: boolean;
}

/**
 * What can stand in place of the last word, which may be empty or the beginning of one. Everything is read off the
 * program: its commands, their options and arguments, the choices of these; a value called `file` or `path` is one, and an argument called `command` is a command.
 *
 * Bash makes three words of `--output=json`, the other shells one; both are understood.
 *
 * @example
 * ```ts
 * complete(program, ["che"]); // { candidates: [{ value: "check", description: "judge manifests …" }], files: false }
 * complete(program, ["check", "-o", "j"]); // json and junit
 * ```
 */
export function complete(program: Command, words: readonly string[]): Completions {
  const start: Place = { program, command: program, args: 0, used: [], optionsEnded: false };
  const place = words.slice(0, -1).reduce(after, start);
  const typed = words.at(-1) ?? "";
  if (place.pending !== undefined && !isNewOption(place.pending, typed))
    return valuesOf(place.pending, typed === "=" ? "" : typed);
  return typed.startsWith("-") && !place.optionsEnded ? options(place, typed) : operands(place, typed);
}

function after(place: Place, word: string): Place {
  const { command, pending, args } = place;
  if (pending !== undefined && !isNewOption(pending, word))
    return word === "=" ? place : { ...place, pending: undefined };
  if (place.optionsEnded) return { ...place, args: args + 1 };
  if (word === "--") return { ...place, pending: undefined, optionsEnded: true };
  if (word.startsWith("-") && word !== "-") return afterOption(place, word);
  const next = args === 0 ? subcommands(command).find((one) => one.name() === word) : undefined;
  return next === undefined
    ? { ...place, pending: undefined, args: args + 1 }
    : { ...place, pending: undefined, command: next, used: [] };
}

/** Whether the word after an option that needs no value is another option. */
const isNewOption = (pending: Option, word: string): boolean => !pending.required && word.startsWith("-");

function afterOption(place: Place, word: string): Place {
  const [name] = word.split("=");
  const option = visibleOptions(place.command).find(({ long, short }) => long === name || short === name);
  if (option === undefined) return { ...place, pending: undefined };
  const isComplete = option.isBoolean() || name !== word;
  return { ...place, pending: isComplete ? undefined : option, used: [...place.used, option] };
}

function options({ command, used }: Place, typed: string): Completions {
  const all = visibleOptions(command);
  const [, name, value] = /^(--[^=]+)=(.*)$/.exec(typed) ?? [];
  if (name !== undefined && value !== undefined) {
    const option = all.find(({ long }) => long === name);
    if (option === undefined || option.isBoolean()) return words([], typed);
    const { candidates, files } = valuesOf(option, value);
    return { candidates: candidates.map((one) => ({ ...one, value: `${name}=${one.value}` })), files };
  }
  const candidates = all
    .filter((option) => option.variadic || !used.includes(option))
    // Short flags are quick to type as they are; they would only hide the others.
    .flatMap(({ long, description }) => (long === undefined ? [] : [{ value: long, description }]));
  return words(candidates, typed);
}

function operands(place: Place, typed: string): Completions {
  const { program, command, args } = place;
  const commands = args === 0 ? subcommands(command) : [];
  if (commands.length > 0) return words(commands.map(asCandidate), typed);
  const argument = argumentAt(command, args);
  if (argument?.name() === "command") return words(subcommands(program).map(asCandidate), typed);
  if (argument !== undefined) return valuesOf(argument, typed);
  return typed === "" && !place.optionsEnded ? options(place, typed) : words([], typed);
}

function argumentAt(command: Command, index: number): Argument | undefined {
  const { registeredArguments: all } = command;
  const last = all.at(-1);
  return all[index] ?? (last?.variadic === true ? last : undefined);
}

/** What the choices say, or else the name of the value. */
function valuesOf(valued: Option | Argument, typed: string): Completions {
  const choices = valued.argChoices ?? [];
  const { candidates } = words(
    choices.map((value) => ({ value, description: "" })),
    typed,
  );
  return { candidates, files: /^(?:file|path)s?$/.test(valueName(valued)) };
}

/** `file` of `--tls-cert <file>`, `paths` of `<paths...>`. */
const valueName = (valued: Option | Argument): string =>
  "flags" in valued ? (/[<[]([^\]>.]+)/.exec(valued.flags)?.[1] ?? "") : valued.name();

const words = (candidates: readonly Candidate[], typed: string): Completions => ({
  candidates: candidates.filter(({ value }) => value.startsWith(typed)),
  files: false,
});

const subcommands = (command: Command): readonly Command[] => command.createHelp().visibleCommands(command);

const visibleOptions = (command: Command): readonly Option[] => command.createHelp().visibleOptions(command);

const asCandidate = (command: Command): Candidate => ({
  value: command.name(),
  description: command.summary() === "" ? command.description() : command.summary(),
});

import { type Argument, type Command, InvalidArgumentError, Option } from "commander";
import { nearest } from "../words/index.js";

/**
 * An option that an environment variable stands for, too. Not commander's `env()`: that would report one fault and hide
 * the others, and the settings are read elsewhere, all at once.
 */
export class SettingOption extends Option {
  readonly notes: readonly string[];

  constructor(flags: string, description: string, notes: readonly string[]) {
    super(flags, description);
    this.notes = notes;
  }
}

/**
 * Gives a command the manners that all of them have: it throws instead of ending the process, names what was probably
 * meant, points at its own help, and notes choices and defaults in one way.
 */
export function withManners(command: Command): Command {
  for (const valued of [...command.options, ...command.registeredArguments]) suggestChoices(valued);
  const program = (command.parent ?? command).name();
  const name = command.parent === null ? program : `${program} ${command.name()}`;
  return (
    command
      .exitOverride()
      .helpOption("-h, --help", "print this help")
      // As the faults that are no usage begin: whoever reads a log of several programs sees who speaks.
      .configureOutput({
        outputError: (text, write) => {
          write(text.replace(/^error: /, `${program}: `));
        },
      })
      .showHelpAfterError(`('${name} --help' says more)`)
      .configureHelp({
        optionDescription: (option) => noted(option.description, notesOf(option)),
        argumentDescription: (argument) => noted(argument.description, choicesOf(argument)),
      })
  );
}

/** Commander names near commands and options by itself, but not near values. */
function suggestChoices(valued: Option | Argument): void {
  const { argChoices: choices } = valued;
  // A list without a parser is for help and completion alone: who reads the value says what is wrong with it.
  if (choices === undefined || valued.parseArg === undefined || valued.variadic) return;
  valued.argParser((value: string) => {
    if (choices.includes(value)) return value;
    const inOtherCase = choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
    const meant = inOtherCase ?? nearest(value, choices);
    const hint = meant === undefined ? "" : `Did you mean ${meant}? `;
    throw new InvalidArgumentError(`${hint}Allowed choices are ${choices.join(", ")}.`);
  });
}

function notesOf(option: Option): readonly string[] {
  if (option instanceof SettingOption) return [...choicesOf(option), ...option.notes];
  const fallback: unknown = option.defaultValue;
  return [...choicesOf(option), ...(typeof fallback === "string" ? [`default ${fallback}`] : [])];
}

/** A single choice is what the text is about already. */
const choicesOf = ({ argChoices = [] }: Option | Argument): readonly string[] =>
  argChoices.length > 1 ? [`one of ${argChoices.join(", ")}`] : [];

const noted = (text: string, notes: readonly string[]): string =>
  notes.length === 0 ? text : `${text} [${notes.join("; ")}]`;

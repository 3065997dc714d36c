import type { Command } from "commander";
import type { FlagsOf, Option, OptionTable } from "../settings/index.js";
import { SettingOption } from "./manners.js";

/** What commander found on the command line, by its own names. */
export type Given = Readonly<Record<string, unknown>>;

/**
 * Gives a command an option for each setting of a table.
 *
 * @returns what turns commander's options into flags by the names of the settings.
 *
 * @example
 * ```ts
 * const flagsOf = addSettings(command, options);
 * command.action((given: Given) => serve(flagsOf(given)));
 * ```
 */
export function addSettings<Table extends OptionTable>(
  command: Command,
  table: Table,
): (given: Given) => FlagsOf<Table> {
  const settings = Object.entries(table).map(([name, setting]) => ({ name, option: optionOf(setting) }));
  for (const { option } of settings) command.addOption(option);
  return (given) =>
    Object.fromEntries(
      settings.map(({ name, option }) => [name, textOf(given[option.attributeName()])]),
    ) as FlagsOf<Table>;
}

/** An option whose value may be left out is `true` to commander where it is. */
const textOf = (value: unknown): unknown => (value === true ? "true" : value);

/** The choices are for help and completion: the settings are checked all at once, where they are read. */
function optionOf({ flag, help, env, fallback, choices }: Option<unknown>): SettingOption {
  // The documentation has the same text, in Markdown.
  const text = help.replaceAll("`", "");
  const notes = [env, ...(fallback === undefined ? [] : [`default ${fallback}`])];
  const option = new SettingOption(flag, text, notes);
  if (choices !== undefined) option.argChoices = [...choices];
  return option;
}

import { Command } from "commander";
import { nearest } from "../words/index.js";

/** `PROGRAM help`. Commander's own prints the help of the program where there is no command of that name. */
export function helpCommand(): Command {
  return new Command("help")
    .description("print the help of a command")
    .argument("[command]")
    .action((name: string | undefined, _: unknown, { parent: program }: Command) => {
      if (program === null) return;
      const command = name === undefined ? program : program.commands.find((one) => one.name() === name);
      if (command !== undefined) command.help();
      else
        program.error(`error: unknown command '${name ?? ""}'${hintFor(name ?? "", program)}`, {
          exitCode: 2,
        });
    });
}

/** In the words that commander has for a command that it does not know. */
function hintFor(name: string, program: Command): string {
  const names = program
    .createHelp()
    .visibleCommands(program)
    .map((command) => command.name());
  const meant = nearest(name, names);
  return meant === undefined ? "" : `\n(Did you mean ${meant}?)`;
}

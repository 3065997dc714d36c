import { Argument, Command } from "commander";
import { scripts } from "./completion/scripts.js";

/** `PROGRAM completion`. */
export function completionCommand(program: string): Command {
  const shell = new Argument("<shell>", "your shell");
  // For help and completion: who prints the script says what is wrong with the name.
  shell.argChoices = Object.keys(scripts);
  return new Command("completion")
    .summary("print a script for the completion of your shell")
    .description(
      "Prints a script that makes a shell complete commands, options, their values and files at the Tab key.",
    )
    .addArgument(shell)
    .addHelpText(
      "after",
      `
Examples:
  bash  echo 'source <(${program} completion bash)' >> ~/.bashrc
  zsh   echo 'source <(${program} completion zsh)' >> ~/.zshrc
        (below the line that runs compinit)
  fish  ${program} completion fish \\
          > ~/.config/fish/completions/${program}.fish
Once is enough, for all shells opened from then on. bash 3.2 as on macOS cannot
source <(…): print the script to a file, and source that.`,
    )
    .action(async (name: string) => {
      const { printScript } = await import("./print-completions.js");
      printScript(program, name);
    });
}

/** `PROGRAM __complete`, which the scripts call; nobody types it. */
export function completeCommand(): Command {
  return new Command("__complete")
    .argument("[words...]")
    .action(async (words: readonly string[], _, command: Command) => {
      const { printCompletions } = await import("./print-completions.js");
      if (command.parent !== null) printCompletions(command.parent, words);
    });
}

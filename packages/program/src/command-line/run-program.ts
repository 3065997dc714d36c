import { type Command, CommanderError } from "commander";
import { tolerateClosedOutput } from "./closed-output.js";
import { withManners } from "./manners.js";
import { StartupError } from "./startup-error.js";

/**
 * Runs the command that the command line names, and sets the exit code: 0 done, 1 the work failed, 2 called wrongly.
 *
 * @throws what is a mistake of ours: its stack trace is for people who mend programs.
 *
 * @example
 * ```ts
 * await runProgram(new Command("cocoon-demo").addCommand(serveCommand()));
 * ```
 */
export async function runProgram(program: Command): Promise<void> {
  tolerateClosedOutput(program.name());
  for (const command of [program, ...program.commands]) withManners(command);
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(program.name(), error);
  }
}

/** Prints what people need, and nothing else. */
function report(program: string, error: unknown): number {
  // Commander has printed its own message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof StartupError) {
    for (const fault of error.faults) process.stderr.write(`${program}: ${fault}\n`);
    return error.exitCode;
  }
  throw error;
}

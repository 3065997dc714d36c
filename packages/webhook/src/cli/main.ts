#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { buildInfo } from "./build-info.js";
import { checkCommand } from "./check-command.js";
import { manifestsCommand } from "./manifests-command.js";
import { explainCommand, rulesCommand } from "./rules-command.js";
import { serveCommand } from "./serve-command.js";
import { StartupError } from "./startup-error.js";

// Exit codes: 0 done, 1 the work failed, 2 the command line is wrong; `check` says what its own are.

const program = new Command("cocoon-webhook")
  .description("The admission webhook that keeps a cluster from losing Cocoon VMs by accident.")
  .version(`${buildInfo.version} (${buildInfo.commit})`, "-V, --version", "print the version and commit")
  .addHelpText("after", "\nTry it, without a cluster:\n  cocoon-webhook serve --standalone")
  .addCommand(serveCommand())
  .addCommand(manifestsCommand())
  .addCommand(checkCommand())
  .addCommand(rulesCommand())
  .addCommand(explainCommand());

for (const command of [program, ...program.commands]) {
  command.exitOverride().showHelpAfterError("(--help lists what there is)");
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Prints what people need, and nothing else: a stack trace is for mistakes of ours. */
function report(error: unknown): number {
  // Commander has printed its own message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof StartupError) {
    for (const fault of error.faults) process.stderr.write(`cocoon-webhook: ${fault}\n`);
    return 1;
  }
  throw error;
}

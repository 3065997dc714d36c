import { Command, CommanderError } from "commander";
import { buildInfo } from "./build-info.js";
import { checkCommand } from "./check-command.js";
import { completeCommand, completionCommand } from "./completion-command.js";
import { devCommand } from "./dev-command.js";
import { helpCommand } from "./help-command.js";
import { withManners } from "./manners.js";
import { manifestsCommand } from "./manifests-command.js";
import { explainCommand, rulesCommand } from "./rules-command.js";
import { serveCommand } from "./serve-command.js";
import { StartupError } from "./startup-error.js";
import { versionCommand } from "./version-command.js";

// Exit codes: 0 done, 1 the work failed, 2 called wrongly; `check` says what its own are.

const program = new Command("cocoon-webhook")
  .description(
    "Keeps a Kubernetes cluster from losing Cocoon VMs by accident: 'serve' is the admission webhook that API servers ask, the other commands are for those who write manifests and install it.",
  )
  .version(`${buildInfo.version} (${buildInfo.commit})`, "-V, --version", "print the version and commit")
  .helpCommand(false)
  .addHelpText(
    "after",
    `
Examples:
  cocoon-webhook serve --standalone   # try the webhook without a cluster
  cocoon-webhook check manifests/     # judge files before they reach a cluster
  cocoon-webhook serve --help         # every setting, also as a variable

Exit codes: 0 done, 1 the work failed, 2 called wrongly.`,
  )
  .addCommand(serveCommand())
  .addCommand(devCommand())
  .addCommand(manifestsCommand())
  .addCommand(checkCommand())
  .addCommand(rulesCommand())
  .addCommand(explainCommand())
  .addCommand(completionCommand())
  .addCommand(versionCommand())
  .addCommand(helpCommand())
  .addCommand(completeCommand(), { hidden: true });

for (const command of [program, ...program.commands]) withManners(command);

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
    return error.exitCode;
  }
  throw error;
}

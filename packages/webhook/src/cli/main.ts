import {
  buildInfo,
  completeCommand,
  completionCommand,
  helpCommand,
  runProgram,
  versionCommand,
} from "@cocoonstack/program/command-line";
import { Command } from "commander";
import { checkCommand } from "./check-command.js";
import { devCommand } from "./dev-command.js";
import { manifestsCommand } from "./manifests-command.js";
import { explainCommand, rulesCommand } from "./rules-command.js";
import { serveCommand } from "./serve-command.js";

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
  .addCommand(completionCommand("cocoon-webhook"))
  .addCommand(versionCommand("cocoon-webhook"))
  .addCommand(helpCommand())
  .addCommand(completeCommand(), { hidden: true });

await runProgram(program);

import {
  buildInfo,
  completeCommand,
  completionCommand,
  helpCommand,
  runProgram,
  versionCommand,
} from "@cocoonstack/program/command-line";
import { Command } from "commander";
import { planCommand } from "./plan-command.js";
import { serveCommand } from "./serve-command.js";

// Exit codes: 0 done, 1 the work failed, 2 called wrongly.

const program = new Command("cocoon-operator")
  .description(
    "Turns CocoonSets into pods, and puts their VMs to sleep and wakes them: 'serve' does it, 'plan' shows the pods of a manifest.",
  )
  .version(`${buildInfo.version} (${buildInfo.commit})`, "-V, --version", "print the version and commit")
  .helpCommand(false)
  .addHelpText(
    "after",
    `
Examples:
  cocoon-operator serve --dry-run      # say what it would do in this cluster
  cocoon-operator plan cocoonset.yaml  # the pods that it becomes
  cocoon-operator serve --help         # every setting, also as a variable

Exit codes: 0 done, 1 the work failed, 2 called wrongly.`,
  )
  .addCommand(serveCommand())
  .addCommand(planCommand())
  .addCommand(completionCommand("cocoon-operator"))
  .addCommand(versionCommand("cocoon-operator"))
  .addCommand(helpCommand())
  .addCommand(completeCommand(), { hidden: true });

await runProgram(program);

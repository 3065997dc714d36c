import {
  addSettings,
  buildInfo,
  completeCommand,
  completionCommand,
  type Given,
  helpCommand,
  runProgram,
  versionCommand,
} from "@cocoonstack/program/command-line";
import { Command } from "commander";
import { options } from "./options.js";

const program = new Command("cocoon-node")
  .description(
    "Is a node of a Kubernetes cluster whose pods are Cocoon VMs, until it gets SIGTERM or SIGINT. Its VMs, its Node and its Lease outlive it.",
  )
  .version(`${buildInfo.version} (${buildInfo.commit})`, "-V, --version", "print the version and commit")
  .helpCommand(false)
  .option("--remove-node", "take the Node and its Lease out of the cluster at the end")
  .addHelpText(
    "after",
    `
In brackets is the environment variable of an option; the option wins. Durations
are written as in Go: 500ms, 15s, 1m30s.

Examples:
  cocoon-node --backend simulated --name node-a   # in the current context
  cocoon-node --backend simulated --registry localhost:5000/vms \\
    --state-dir /var/lib/cocoon-node              # VMs outlive the agent
  kubectl annotate node node-a --overwrite \\
    simulated.cocoonstack.io/faults='{"vk-shop-*": {"hang": ["push"]}}'

Exit codes: 0 told to stop, 1 could not start, was cut off, or was made to
crash, 2 called wrongly or with a setting that is invalid.`,
  )
  .addCommand(completionCommand("cocoon-node"))
  .addCommand(versionCommand("cocoon-node"))
  .addCommand(helpCommand())
  .addCommand(completeCommand(), { hidden: true });

const flagsOf = addSettings(program, options);

program.action(async (given: Given) => {
  const { run } = await import("./run.js");
  await run({ flags: flagsOf(given), removesNode: given["removeNode"] === true });
});

await runProgram(program);

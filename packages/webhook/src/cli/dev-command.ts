import { Command, Option } from "commander";
import { SettingOption } from "@cocoonstack/program/command-line";
import type { DevCommandOptions } from "./dev.js";

/** `cocoon-webhook dev`. Its work is loaded only when it is done. */
export function devCommand(): Command {
  return new Command("dev")
    .summary("decide for a cluster from this machine, and show each decision")
    .description(
      "Runs the webhook on this machine, has the API servers of the current kubeconfig context ask it, and prints a line for " +
        "each decision of interest. What it registers lets everything go on where it gives no answer, and goes when it ends.",
    )
    .addOption(
      new SettingOption("--kubeconfig <file>", "kubeconfig of the cluster", [
        "KUBECONFIG",
        "default ~/.kube/config",
      ]),
    )
    .option("--context <name>", "context of the kubeconfig, instead of the current one")
    .option("-n, --namespace <name>", "decide on objects of this namespace alone, instead of all")
    .option("--host <name>", "name or IP address of this machine, as API servers reach it", "127.0.0.1")
    .option("--port <n>", "port to listen on; 0 takes a free one", "0")
    .addOption(
      new SettingOption(
        "--pod-creators <users>",
        "the only users who may create cocoon pods, separated by commas",
        ["POD_CREATORS"],
      ),
    )
    .addOption(
      new Option("-o, --output <format>", "format of the decisions on standard output")
        .choices(["text", "json"])
        .default("text"),
    )
    .option("-y, --yes", "do not ask before registering on a cluster that is not on this machine")
    .addHelpText(
      "after",
      `
Exit codes: 0 told to stop, 1 something went wrong, 2 called wrongly or with a
setting that is invalid.

Example:
  cocoon-webhook dev --context kind-demo --host 172.18.0.1`,
    )
    .action(async (options: DevCommandOptions) => {
      const { dev } = await import("./dev.js");
      await dev(options);
    });
}

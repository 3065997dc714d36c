import { Command, Option } from "commander";
import type { CheckCommandOptions } from "./check.js";

/** `cocoon-webhook check`. Its work is loaded only when it is done. */
export function checkCommand(): Command {
  return new Command("check")
    .summary("judge manifests as the webhook would")
    .description(
      "Judges manifests before they reach a cluster: what the API server's schema, the webhook's rules and its warnings say of them.",
    )
    .argument("<paths...>", "YAML or JSON files, folders of them (with all below), or - for standard input")
    .option("--old <path>", "file or folder with what is in the cluster already: then changes are judged")
    .option("-n, --namespace <name>", "namespace of objects that name none", "default")
    .addOption(
      new Option("-o, --output <format>", "format of the report")
        .choices(["text", "json", "github", "sarif", "junit"])
        .default("text"),
    )
    .option("--strict", "fail on warnings, too")
    .addHelpText(
      "after",
      `
Exit codes: 0 nothing found, 1 findings, 2 something could not be checked, or
called wrongly. NO_COLOR in the environment turns colours off, FORCE_COLOR turns
them on in a pipe.

Examples:
  cocoon-webhook check manifests/
  helm template chart | cocoon-webhook check --strict -
  kubectl get deployments -o yaml > now.yaml
  cocoon-webhook check --old now.yaml manifests/   # is anything scaled down?`,
    )
    .action(async (paths: readonly string[], options: CheckCommandOptions) => {
      const { check } = await import("./check.js");
      process.exitCode = await check(paths, options);
    });
}

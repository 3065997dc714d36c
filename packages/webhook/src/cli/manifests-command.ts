import { print } from "@cocoonstack/program/command-line";
import { Command, Option } from "commander";
import type { ManifestsOptions } from "./manifests.js";

/** `cocoon-webhook manifests`. */
export function manifestsCommand(): Command {
  return new Command("manifests")
    .summary("print the webhook configurations, and admission policies if wanted")
    .description(
      "Prints the MutatingWebhookConfiguration and the ValidatingWebhookConfiguration that make API servers ask the webhook.",
    )
    .option("--url <url>", "base URL of a webhook outside the cluster, instead of the Service")
    .option(
      "--ca-bundle <file>",
      "PEM file with the authorities that the webhook's certificate is checked against",
    )
    .addOption(
      new Option("--namespace <name>", "namespace of the Service").default("cocoon-system").conflicts("url"),
    )
    .addOption(
      new Option("--service <name>", "name of the Service").default("cocoon-webhook").conflicts("url"),
    )
    .addOption(
      new Option(
        "--scale-failure-policy <policy>",
        "what happens to scale-downs by /scale while the webhook cannot be asked; Ignore is for where admission policies guard them",
      )
        .choices(["Fail", "Ignore"])
        .default("Fail"),
    )
    .addOption(
      new Option(
        "--admission-policies [only]",
        "also print ValidatingAdmissionPolicies, a guard that needs no webhook; with 'only', print nothing else",
      ).choices(["only"]),
    )
    .option(
      "--pod-creators <users>",
      "for the admission policies: the only users who may create cocoon pods, separated by commas, as in the webhook's POD_CREATORS",
    )
    .addHelpText(
      "after",
      `
Exit codes: 0 printed, 2 called wrongly or with a file that cannot be used.

Examples:
  cocoon-webhook manifests | kubectl apply -f -
  cocoon-webhook manifests --url https://127.0.0.1:8443 --ca-bundle tls.crt`,
    )
    .action(async (options: ManifestsOptions, command: Command) => {
      const idle = idleOption(command);
      if (idle !== undefined) command.error(`error: ${idle}`, { exitCode: 2 });
      const { manifests } = await import("./manifests.js");
      print(await manifests(options));
    });
}

/** What people gave although it changes nothing, as a sentence; undefined where there is nothing of the kind. */
function idleOption(command: Command): string | undefined {
  const isGiven = (name: string): boolean => command.getOptionValueSource(name) === "cli";
  if (isGiven("podCreators") && !isGiven("admissionPolicies")) {
    return "option '--pod-creators' needs '--admission-policies': the webhook itself reads POD_CREATORS";
  }
  if (command.getOptionValue("admissionPolicies") !== "only") return undefined;
  const ofWebhook = ["url", "caBundle", "namespace", "service", "scaleFailurePolicy"];
  const idle = command.options.find((option) => {
    const name = option.attributeName();
    return ofWebhook.includes(name) && isGiven(name);
  });
  return idle && `option '${idle.long ?? idle.flags}' cannot be used with '--admission-policies only'`;
}

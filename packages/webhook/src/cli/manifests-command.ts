import { Command, Option } from "commander";
import type { ManifestsOptions } from "./manifests.js";

/** `cocoon-webhook manifests`. */
export function manifestsCommand(): Command {
  return new Command("manifests")
    .summary("print the webhook configurations")
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
    .addHelpText(
      "after",
      "\nExample:\n  cocoon-webhook manifests --url https://127.0.0.1:8443 --ca-bundle tls.crt | kubectl apply -f -",
    )
    .action(async (options: ManifestsOptions) => {
      const { manifests } = await import("./manifests.js");
      process.stdout.write(await manifests(options));
    });
}

import { Command, Option } from "commander";

/** `cocoon-webhook version`. */
export function versionCommand(): Command {
  return new Command("version")
    .summary("print what this executable is, and what it runs on")
    .description(
      "Prints the version and commit of this executable, the contract in it, what it runs on, and the Kubernetes versions that it is tested with.",
    )
    .addOption(new Option("-o, --output <format>", "format").choices(["text", "json"]).default("text"))
    .addHelpText("after", "\nExample:\n  cocoon-webhook version -o json")
    .action(async ({ output }: { readonly output: "text" | "json" }) => {
      const { printVersion } = await import("./version.js");
      printVersion(output);
    });
}

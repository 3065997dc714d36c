import { Command, Option } from "commander";

/** `PROGRAM version`. */
export function versionCommand(program: string): Command {
  return new Command("version")
    .summary("print what this executable is, and what it runs on")
    .description(
      "Prints the version and commit of this executable, the contract in it, what it runs on, and the Kubernetes versions that it is tested with.",
    )
    .addOption(new Option("-o, --output <format>", "format").choices(["text", "json"]).default("text"))
    .addHelpText("after", `\nExample:\n  ${program} version -o json`)
    .action(async ({ output }: { readonly output: "text" | "json" }) => {
      const { printVersion } = await import("./version.js");
      printVersion(program, output);
    });
}

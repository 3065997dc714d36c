import { addSettings, type Given } from "@cocoonstack/program/command-line";
import { Command } from "commander";
import { options } from "../config/index.js";

/** `cocoon-operator serve`. Its work is loaded only when it is done, so that `--help` is fast. */
export function serveCommand(): Command {
  const command = new Command("serve")
    .summary("look after CocoonSets and CocoonHibernations")
    .description(
      "Looks after the CocoonSets and CocoonHibernations of a cluster until it gets SIGTERM or SIGINT.",
    )
    .option("--dry-run", "say in the log what would be done, and do none of it; needs no Lease")
    .addHelpText(
      "after",
      `
In brackets is the environment variable of an option; the option wins. The
registry is set by variables alone: OCI_REGISTRY=HOST[:PORT][/PREFIX], with
credentials in Docker's config.json or OCI_REGISTRY_TOKEN_FILE.

Exit codes: 0 told to stop, 1 could not start or lost its Lease, 2 called
wrongly or with a setting that is invalid.

Example:
  OCI_REGISTRY=registry.example.com/vms cocoon-operator serve --dry-run`,
    );
  const flagsOf = addSettings(command, options);
  return command.action(async (given: Given) => {
    const { serve } = await import("./serve.js");
    await serve({ flags: flagsOf(given), isDryRun: given["dryRun"] === true });
  });
}

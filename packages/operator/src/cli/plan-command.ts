import { Command } from "commander";

/** `cocoon-operator plan`. Its work is loaded only when it is done. */
export function planCommand(): Command {
  return new Command("plan")
    .summary("print the pods that a CocoonSet becomes")
    .description(
      "Prints the pods that the CocoonSets of a file become, as YAML, without a cluster. What only the cluster knows is left out: the owner, by its UID, and the node of the main agent, on which sub-agents are. Fields that the API does not have are named, and left out as an API server would.",
    )
    .argument("<file>", "YAML or JSON file, or - for standard input")
    .option("-n, --namespace <name>", "namespace of CocoonSets that name none", "default")
    .addHelpText(
      "after",
      `
Exit codes: 0 done, 1 a CocoonSet is invalid, has a field that the API does
not have, or cannot become pods, 2 called wrongly, or the file cannot be read.

Example:
  cocoon-operator plan cocoonset.yaml | kubectl apply --dry-run=server -f -`,
    )
    .action(async (file: string, { namespace }: { readonly namespace: string }) => {
      const { plan } = await import("./plan.js");
      process.exitCode = await plan(file, namespace);
    });
}

import { Command, Option } from "commander";
import { addSettings, type Given } from "@cocoonstack/program/command-line";
import { options } from "../config/index.js";

/** `cocoon-webhook serve`. Its work is loaded only when it is done, so that `--help` is fast. */
export function serveCommand(): Command {
  const command = new Command("serve")
    .summary("answer admission reviews")
    .description("Answers admission reviews over HTTPS until it gets SIGTERM or SIGINT.")
    .addOption(
      new Option(
        "--standalone",
        "run without a cluster: makes a throw-away certificate, listens on 127.0.0.1 unless told otherwise, and refuses what only a cluster can tell",
      ).conflicts(["kubeconfig", "tlsCert", "tlsKey"]),
    )
    .addHelpText(
      "after",
      `
In brackets is the environment variable of an option; the option wins. Durations
are written as in Go: 500ms, 15s, 1m30s.

Exit codes: 0 told to stop, 1 could not start or was cut off, 2 called wrongly
or with a setting that is invalid.

Examples:
  cocoon-webhook serve --standalone   # without a cluster, to try it
  cocoon-webhook serve --tls-cert tls.crt --tls-key tls.key \\
    --kubeconfig ~/.kube/config       # outside of the cluster
  TLS_SECRET=cocoon-system/cocoon-webhook-tls cocoon-webhook serve`,
    );
  const flagsOf = addSettings(command, options);
  return command.action(async (given: Given) => {
    const { serve } = await import("./serve.js");
    await serve({ flags: flagsOf(given), standalone: given["standalone"] === true });
  });
}

import { Command, Option } from "commander";
import { type Flags, options } from "../config/index.js";

/** `cocoon-webhook serve`. Its work is loaded only when it is done, so that `--help` is fast. */
export function serveCommand(): Command {
  const command = new Command("serve")
    .summary("answer admission reviews")
    .description("Answers admission reviews over HTTPS until it gets SIGTERM or SIGINT.")
    .option(
      "--standalone",
      "run without a cluster: makes a throw-away certificate, and refuses what only a cluster can tell",
    )
    .addHelpText(
      "after",
      "\nEvery option but --standalone is also an environment variable; the option wins." +
        "\n\nExample:\n  cocoon-webhook serve --tls-cert tls.crt --tls-key tls.key --kubeconfig ~/.kube/config",
    );
  for (const [name, { flag, help, env, fallback }] of Object.entries<SettingHelp>(options)) {
    const option = new Option(
      flag,
      `${help} (${env}${fallback === undefined ? "" : `, default ${fallback}`})`,
    );
    command.addOption(option);
    if (option.attributeName() !== name) throw new Error(`the flag ${flag} does not give '${name}'`);
  }
  return command.action(async (flags: Flags & { readonly standalone?: true }) => {
    const { serve } = await import("./serve.js");
    const { standalone = false, ...settings } = flags;
    await serve({ flags: settings, standalone });
  });
}

interface SettingHelp {
  readonly flag: string;
  readonly help: string;
  readonly env: string;
  readonly fallback?: string;
}

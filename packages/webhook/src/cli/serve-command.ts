import { Command, Option } from "commander";
import { options } from "../config/index.js";

/** `cocoon-webhook serve`. Its work is loaded only when it is done, so that `--help` is fast. */
export function serveCommand(): Command {
  const command = new Command("serve")
    .summary("answer admission reviews")
    .description("Answers admission reviews over HTTPS until it gets SIGTERM or SIGINT.")
    .addOption(
      new Option(
        "--standalone",
        "run without a cluster: makes a throw-away certificate, and refuses what only a cluster can tell",
      ).conflicts(["kubeconfig", "tlsCert", "tlsKey"]),
    )
    .addHelpText(
      "after",
      "\nEvery option but --standalone is also an environment variable; the option wins." +
        "\n\nExample:\n  cocoon-webhook serve --tls-cert tls.crt --tls-key tls.key --kubeconfig ~/.kube/config",
    );
  const settings = Object.entries<SettingHelp>(options).map(([name, { flag, help, env, fallback }]) => {
    const suffix = fallback === undefined ? env : `${env}, default ${fallback}`;
    return { name, option: new Option(flag, `${help} (${suffix})`) };
  });
  for (const { option } of settings) command.addOption(option);
  return command.action(async (given: Readonly<Record<string, unknown>>) => {
    const { serve } = await import("./serve.js");
    const flags = Object.fromEntries(
      settings.map(({ name, option }) => [name, given[option.attributeName()]]),
    );
    await serve({ flags: flags, standalone: given["standalone"] === true });
  });
}

interface SettingHelp {
  readonly flag: string;
  readonly help: string;
  readonly env: string;
  readonly fallback?: string;
}

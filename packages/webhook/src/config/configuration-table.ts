import type { Option } from "./option.js";
import { options } from "./options.js";
import { flagName } from "./read-config.js";

/** The settings as a Markdown table, for docs/configuration.md. */
export function configurationTable(): string {
  const rows = Object.values<Option<unknown>>(options).map(
    (option) =>
      `| \`${option.env}\` | \`${flagName(option)}\` | ${defaultOf(option)} | ${option.help}${choicesOf(option)} |`,
  );
  return ["| variable | flag | default | |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

const choicesOf = ({ choices }: Option<unknown>): string =>
  choices === undefined ? "" : `; one of ${choices.map((choice) => `\`${choice}\``).join(", ")}`;

const defaultOf = ({ fallback, unset = "" }: Option<unknown>): string =>
  fallback === undefined ? `unset: ${unset}` : `\`${fallback}\``;

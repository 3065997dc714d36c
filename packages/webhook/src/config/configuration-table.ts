import type { Option } from "./option.js";
import { options } from "./options.js";
import { flagName } from "./read-config.js";

/** The settings as a Markdown table, for docs/configuration.md. */
export function configurationTable(): string {
  const rows = Object.values<Option<unknown>>(options).map(
    (option) => `| \`${option.env}\` | \`${flagName(option)}\` | ${defaultOf(option)} | ${option.help} |`,
  );
  return ["| variable | flag | default | |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

const defaultOf = ({ fallback, unset = "" }: Option<unknown>): string =>
  fallback === undefined ? `unset: ${unset}` : `\`${fallback}\``;

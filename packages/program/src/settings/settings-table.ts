import type { Option, OptionTable } from "./option.js";
import { flagName } from "./read-settings.js";

/** Settings as a Markdown table, for the documentation. */
export function settingsTable(table: OptionTable): string {
  const rows = Object.values(table).map(
    (option) =>
      `| \`${option.env}\` | \`${flagName(option)}\` | ${defaultOf(option)} | ${option.help}${choicesOf(option)} |`,
  );
  return ["| variable | flag | default | |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

const choicesOf = ({ choices }: Option<unknown>): string =>
  choices === undefined ? "" : `; one of ${choices.map((choice) => `\`${choice}\``).join(", ")}`;

const defaultOf = ({ fallback, unset = "" }: Option<unknown>): string =>
  fallback === undefined ? `unset: ${unset}` : `\`${fallback}\``;

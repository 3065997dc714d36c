/** A command of a `console` block, with what the page says that it prints. */
export interface ShownCommand {
  readonly command: string;
  readonly output: string;
}

/** A here-document's terminator, where a line opens one. */
const hereDocument = /<<-?'?(\w+)'?/;

/**
 * The commands of a `console` block: each begins with `$ `, goes on over a `\` at the end of a line and to the end of a
 * here-document, and is followed by what it prints.
 *
 * @example
 * ```ts
 * shownCommands("$ echo a\na\n"); // [{ command: "echo a", output: "a\n" }]
 * ```
 * @throws {Error} when the block does not begin with a command.
 */
export function shownCommands(block: string): readonly ShownCommand[] {
  const lines = block.split("\n").slice(0, -1);
  const steps: { command: string; output: string }[] = [];
  while (lines.length > 0) {
    const line = lines.shift() ?? "";
    if (line.startsWith("$ ")) {
      steps.push({ command: [line.slice(2), ...restOfCommand(line, lines)].join("\n"), output: "" });
      continue;
    }
    const last = steps.at(-1);
    if (last === undefined) throw new Error(`a console block begins with a command, not with '${line}'`);
    last.output += `${line}\n`;
  }
  return steps;
}

/** Takes from `lines` what still belongs to the command that `first` begins. */
function restOfCommand(first: string, lines: string[]): readonly string[] {
  const rest: string[] = [];
  const terminator = hereDocument.exec(first)?.[1];
  const isOpen = (): boolean =>
    terminator === undefined ? (rest.at(-1) ?? first).endsWith("\\") : rest.at(-1) !== terminator;
  while (lines.length > 0 && isOpen()) rest.push(lines.shift() ?? "");
  return rest;
}

/** The causes of a refusal, which an API server lists in another order each time. */
const causes = /(?:^ *\* .*\n?)+/gm;
const sorted = (lines: string): string => `${lines.trimEnd().split("\n").toSorted().join("\n")}\n`;

const ageColumn = /\b\d+(?:s|m|h|m\d+s|h\d+m)$/gm;

/**
 * Output without what differs from run to run: ages in the last column of a table, the order of a refusal's causes, spaces
 * at the ends of lines, and what npm says of its user's own settings.
 */
export const comparable = (output: string): string =>
  output
    .replaceAll(/^npm warn .*\n/gm, "")
    .replaceAll(ageColumn, "AGE")
    .replaceAll(/[ \t]+$/gm, "")
    .replaceAll(causes, sorted)
    .trim();

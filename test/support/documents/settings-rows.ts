/**
 * The rows of the tables of settings in a page: what a program's table of options gives has to be the same.
 *
 * @example
 * ```ts
 * expect(settingsRows(textOf("docs/node.md"))).toEqual(settingsRows(settingsTable(options)));
 * ```
 */
export const settingsRows = (markdown: string): readonly string[] =>
  markdown
    .split("\n")
    .filter((row) => /^\| `[A-Z_]+` *\| `--/.test(row))
    // Prettier makes columns as wide as their widest cell.
    .map((row) => row.replaceAll(/ +\|/g, " |"));

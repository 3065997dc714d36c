import { shownCommands } from "../../test/support/documents/session.js";

/** What is used here of a token of markdown-it, which comes without types. */
interface Token {
  readonly type: string;
  readonly content: string;
  attrSet(name: string, value: string): void;
}

/** What is used here of markdown-it's parser. */
export interface MarkdownParser {
  readonly options: { highlight(code: string, language: string): string };
  readonly renderer: { readonly rules: { code_inline?: (tokens: readonly Token[], at: number) => string } };
  readonly core: {
    readonly ruler: {
      push(name: string, rule: (state: { readonly tokens: readonly Token[] }) => void): void;
    };
  };
}

/** Makes of Markdown what typedoc's own page does not have: copied commands, names in one piece, tables for phones. */
export function extendMarkdown(parser: MarkdownParser): void {
  const shown = parser.options.highlight.bind(parser.options);
  parser.options.highlight = (code, language) =>
    language === "console" ? withCommands(shown(code, language), code) : shown(code, language);
  parser.renderer.rules.code_inline = (tokens, at) => inlineCode(tokens[at]?.content ?? "");
  parser.core.ruler.push("cocoon_cells", ({ tokens }) => {
    labelCells(tokens);
  });
}

/**
 * A block of commands and what they print, of which the button copies the commands alone: it copies the text of the element
 * before it, be that one hidden.
 *
 * @throws {Error} when the block does not begin with a command, or typedoc's markup has changed.
 */
function withCommands(html: string, block: string): string {
  const copied = shownCommands(block).map(({ command }) => command);
  const [before, after, ...more] = html.split("</code><button");
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`no button follows the code of a console block any more: look at ${html}`);
  }
  return `${before}</code><span hidden>${escaped(copied.join("\n"))}</span><button${after}`;
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Characters of code that have room in one line everywhere, also on a phone and in a cell. */
const maxNameLength = 24;

/** Code within a sentence: a name, which the style never breaks at a hyphen, or something longer, which may break between its parts. */
const inlineCode = (code: string): string =>
  code.length <= maxNameLength
    ? `<code class="name">${escaped(code)}</code>`
    : `<code>${escaped(code).replaceAll(/(?<=[/,=:])(?=\w)/g, "<wbr>")}</code>`;

/** Gives each cell of a table the name of its column, which the style shows where columns have no room. */
function labelCells(tokens: readonly Token[]): void {
  let names: string[] = [];
  let column = 0;
  for (const [at, token] of tokens.entries()) {
    if (token.type === "table_open") names = [];
    if (token.type === "tr_open") column = 0;
    if (token.type === "th_open") names.push(tokens[at + 1]?.content.replaceAll("`", "") ?? "");
    if (token.type !== "td_open") continue;
    token.attrSet("data-column", names[column] ?? "");
    column += 1;
  }
}

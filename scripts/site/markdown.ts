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
  parser.options.highlight = (code, language) => {
    const html = shown(code, language);
    if (language === "sh") return withWholeWords(html);
    return language === "console" ? withCommands(withWholeWords(html), code) : html;
  };
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

/** A line of commands that has no room is broken between words: after the hyphens of a flag, nobody would know it again. */
const withWholeWords = (html: string): string =>
  html.replaceAll(/>[^<]+/g, (text) =>
    text.replaceAll(/[\w./@=-]*-[\w./@=-]*/g, (word) =>
      word.length <= maxWordLength ? `<span class="name">${word}</span>` : word,
    ),
  );

/** Characters of a word that have room in one line of a block on a phone. */
const maxWordLength = 40;

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Characters of a word of code that have room in one line everywhere, also in a cell on a phone. */
const maxNameLength = 24;

/** Code within a sentence: a name stays in one piece, as does each word of something longer; a long word breaks between its parts. */
function inlineCode(code: string): string {
  if (code.length <= maxNameLength) return `<code class="name">${escaped(code)}</code>`;
  const words = code
    .split(" ")
    .map((word) =>
      word.length <= maxNameLength
        ? `<span class="name">${escaped(word)}</span>`
        : escaped(word).replaceAll(/(?<=[/,=:_])(?=\w)|(?<=\.)(?=\w{4})|(?<=[a-z])(?=[A-Z])/g, "<wbr>"),
    );
  return `<code>${words.join(" ")}</code>`;
}

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

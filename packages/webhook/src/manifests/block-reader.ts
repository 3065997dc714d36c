import { maxDepth } from "./limits.js";
import { indentOf, type Line, LineCursor } from "./line-cursor.js";
import { literalText } from "./literal-text.js";
import { wordOf } from "./plain-word.js";

/** The text has something that only the whole language knows. */
export class NotPlainError extends Error {
  override readonly name = "NotPlainError";
}

const entry = /^(?:([A-Za-z_][\w./-]*)|"([^"\\]*)"|'([^']*)'):(?: +(.*))?$/;
const isItem = (line: Line): boolean => line.content.startsWith("- ") || line.content === "-";

/** Reads one document from its first line to its last. See `parseBlockYaml` for what it takes. */
export class BlockReader {
  readonly #cursor: LineCursor;
  #depth = 0;

  constructor(text: string) {
    this.#cursor = new LineCursor(text);
  }

  /** @throws {NotPlainError} when the text is not of this kind */
  read(): { readonly value: unknown; readonly start: number } {
    const cursor = this.#cursor;
    cursor.advance();
    if (cursor.line?.indent === 0 && /^--- *$/.test(cursor.line.content)) cursor.advance();
    const first = cursor.line;
    if (first === undefined) throw new NotPlainError();
    const start = cursor.offset + first.indent;
    const value = this.#block(first);
    // A line that fits nowhere, such as one further to the right, on which a text goes on.
    if (cursor.line !== undefined) throw new NotPlainError();
    return { value, start };
  }

  #block(first: Line): unknown {
    if (++this.#depth >= maxDepth) throw new NotPlainError();
    const value = isItem(first) ? this.#list(first.indent) : this.#object(first.indent);
    this.#depth--;
    return value;
  }

  #object(indent: number): unknown {
    const members: Record<string, unknown> = {};
    let { line } = this.#cursor;
    while (line?.indent === indent && !isItem(line)) {
      const [, plain, double, single, rest] = entry.exec(line.content) ?? [];
      const key = plain === undefined ? (double ?? single) : wordOf(plain);
      if (typeof key !== "string" || key === "__proto__" || Object.hasOwn(members, key))
        throw new NotPlainError();
      members[key] = this.#valueBehind(rest, { indent, isMember: true });
      line = this.#cursor.line;
    }
    return members;
  }

  #list(indent: number): unknown {
    const items: unknown[] = [];
    let { line } = this.#cursor;
    while (line?.indent === indent && isItem(line)) {
      items.push(this.#item(line));
      line = this.#cursor.line;
    }
    return items;
  }

  #item({ indent, content }: Line): unknown {
    const rest = content.slice(1).trimStart();
    if (!entry.test(rest)) return this.#valueBehind(rest, { indent, isMember: false });
    // An object that begins behind the dash: the dash counts for its indentation.
    const inner = { indent: indent + content.length - rest.length, content: rest };
    this.#cursor.line = inner;
    return this.#block(inner);
  }

  /** The value that stands behind a key or a dash, or below it. */
  #valueBehind(rest = "", owner: Owner): unknown {
    const content = withoutComment(rest);
    if (/^\|-?$/.test(content)) return this.#literal(owner.indent, content === "|-");
    this.#cursor.advance();
    if (content === "") return this.#valueBelow(owner);
    const value = scalarOf(content);
    if (value === undefined) throw new NotPlainError();
    return value;
  }

  #valueBelow({ indent, isMember }: Owner): unknown {
    const { line } = this.#cursor;
    if (line === undefined || line.indent < indent) return null;
    // The list of a member may stand as far to the left as its key.
    return line.indent > indent || (isMember && isItem(line)) ? this.#block(line) : null;
  }

  #literal(parentIndent: number, isStripped: boolean): string {
    const lines = this.#cursor.takeWhile((line) => (indentOf(line) ?? Infinity) > parentIndent);
    const text = literalText(lines, isStripped);
    if (text === undefined) throw new NotPlainError();
    this.#cursor.advance();
    return text;
  }
}

/** What a value belongs to: a member of an object, or an item of a list. */
interface Owner {
  readonly indent: number;
  readonly isMember: boolean;
}

/** What stands before a comment, which begins at a `#` behind a space. A text in quotes that holds one is not taken afterwards. */
const withoutComment = (rest: string): string => rest.replace(/(?:^| +)#.*$/, "").trimEnd();

/** A value on one line; undefined where only the whole language knows. */
function scalarOf(content: string): unknown {
  if (content === "{}") return {};
  if (content === "[]") return [];
  const [, double, single] = /^(?:"([^"\\]*)"|'([^']*)')$/.exec(content) ?? [];
  return double ?? single ?? wordOf(content);
}

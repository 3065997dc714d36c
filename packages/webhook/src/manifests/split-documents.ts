import { JsonRow } from "./json-row.js";

/** A part of a text that can be read by itself, and the line of the text on which it begins. */
export interface Part {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/**
 * Cuts a text into its documents while it arrives, so that only one of them has to be held at a time. As kubectl does: before
 * each line that is `---`, which YAML allows nowhere within a document, and between JSON objects in a row.
 *
 * @example
 * const splitter = new DocumentSplitter();
 * [...splitter.push("a: 1\n---\nb:"), ...splitter.push(" 2\n"), ...splitter.end()];
 * // [{ text: "a: 1\n", line: 1 }, { text: "---\nb: 2\n", line: 2 }]
 */
export class DocumentSplitter {
  /** The end of the text so far, if no line ended there: in pieces, because a line may be as long as the text. */
  #unfinished: string[] = [];
  #lines: string[] = [];
  #line = 1;
  #isPrelude = true;
  #row = new JsonRow();

  *push(text: string): Generator<Part> {
    let from = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", from)) {
      yield* this.#take(text.slice(from, end + 1));
      from = end + 1;
    }
    if (from < text.length) this.#unfinished.push(text.slice(from));
  }

  /** What is left when nothing more comes. */
  *end(): Generator<Part> {
    if (this.#unfinished.length > 0) yield* this.#take("");
    yield* this.#cut();
  }

  *#take(rest: string): Generator<Part> {
    const line = this.#unfinished.length === 0 ? rest : [...this.#unfinished, rest].join("");
    this.#unfinished = [];
    const begins = /^---(?:\s|$)/.test(line) && !this.#isPrelude;
    if (begins || this.#row.isFollowedBy(line)) yield* this.#cut();
    this.#lines.push(line);
    this.#row.read(line);
    // Directives stand before the line that begins their document.
    this.#isPrelude &&= /^(?:%.*|\s*(?:#.*)?)$/.test(line.trimEnd());
    if (/^\.\.\.(?:\s|$)/.test(line)) yield* this.#cut();
  }

  *#cut(): Generator<Part> {
    const part = { text: this.#lines.join(""), line: this.#line };
    this.#line += this.#lines.length;
    this.#lines = [];
    this.#isPrelude = true;
    this.#row = new JsonRow();
    if (part.text !== "") yield part;
  }
}

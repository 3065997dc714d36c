/** A line that is neither empty nor a comment, or the rest of one behind a `- `. */
export interface Line {
  /** At which column its content begins, from 0. */
  readonly indent: number;
  readonly content: string;
}

/** How many spaces a line begins with; undefined for one without content. */
export function indentOf(line: string): number | undefined {
  const indent = line.search(/[^ ]/);
  return indent === -1 ? undefined : indent;
}

/** Goes through the lines of a text: from one with content to the next, or as they stand. */
export class LineCursor {
  readonly #lines: readonly string[];
  #next = 0;
  /** Where it is; undefined behind the last line. Whoever has read the first part of a line sets the rest. */
  line: Line | undefined;

  /** Begins before the first line. */
  constructor(text: string) {
    this.#lines = text.split("\n");
  }

  /** Offset of the line. */
  get offset(): number {
    return this.#lines.slice(0, this.#next - 1).reduce((sum, { length }) => sum + length + 1, 0);
  }

  /** Goes on to the next line that has content. */
  advance(): void {
    this.line = undefined;
    while (this.line === undefined && this.#next < this.#lines.length) {
      const line = this.#lines[this.#next++] ?? "";
      const indent = indentOf(line);
      if (indent !== undefined && line[indent] !== "#") this.line = { indent, content: line.slice(indent) };
    }
  }

  /** Takes the lines that follow as they stand, up to the first one that does not fit or to the end of the text. */
  takeWhile(fits: (line: string) => boolean): readonly string[] {
    const from = this.#next;
    while (this.#next < this.#lines.length && fits(this.#lines[this.#next] ?? "")) this.#next++;
    return this.#lines.slice(from, this.#next);
  }
}

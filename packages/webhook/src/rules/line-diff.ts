/** A line of a diff: it went, it came, or it stayed. */
export interface DiffLine {
  readonly sign: "-" | "+" | " ";
  readonly text: string;
}

/**
 * What became of the lines of an example. That takes no more than looking whether the other text has the line, because
 * what stays in an example is in both texts once, and in the same order.
 *
 * @example
 * ```ts
 * lineDiff("a\nb\n", "a\nc\n"); // [{ sign: " ", text: "a" }, { sign: "-", text: "b" }, { sign: "+", text: "c" }]
 * ```
 * @throws {Error} when a line that stays is somewhere else now
 */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const olds = linesOf(before);
  const news = linesOf(after);
  const lines: DiffLine[] = [];
  for (const text of olds) {
    if (!news.includes(text)) {
      lines.push({ sign: "-", text });
      continue;
    }
    takeNew(news, olds, lines);
    const now = news.shift();
    if (now !== text)
      throw new Error(`'${text}' is at another place now: write the example in the old order`);
    lines.push({ sign: " ", text });
  }
  takeNew(news, olds, lines);
  return lines;
}

const linesOf = (text: string): string[] => text.replace(/\n$/, "").split("\n");

/** Moves what is new in front of `news` to the diff. */
function takeNew(news: string[], olds: readonly string[], lines: DiffLine[]): void {
  const end = news.findIndex((text) => olds.includes(text));
  const taken = news.splice(0, end === -1 ? news.length : end);
  lines.push(...taken.map((text): DiffLine => ({ sign: "+", text })));
}

/** The lines that changed, each with the keys that it stands below. */
export function changedLines(lines: readonly DiffLine[]): readonly DiffLine[] {
  let depth = 0;
  return lines
    .toReversed()
    .filter(({ sign, text }) => {
      const indent = text.search(/\S/);
      if (sign === " " && indent >= depth) return false;
      depth = indent;
      return true;
    })
    .reverse();
}

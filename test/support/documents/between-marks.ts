import { readFileSync, writeFileSync } from "node:fs";
import { format } from "prettier";

/**
 * Writes what was measured into a page, between its marks: `<!-- measured NAME: begin -->` and `<!-- measured NAME: end -->`.
 *
 * @throws {Error} where the page has lost them.
 */
export async function writeBetweenMarks(page: string, name: string, measured: string): Promise<void> {
  const [begin, end] = [`<!-- measured ${name}: begin -->`, `<!-- measured ${name}: end -->`];
  const text = readFileSync(page, "utf8");
  const [before, after] = [text.split(begin)[0], text.split(end)[1]];
  if (before === undefined || after === undefined)
    throw new Error(`${page} has lost its marks: ${begin} and ${end}`);
  const whole = await format(`${before}${begin}\n\n${measured}\n\n${end}${after}`, {
    parser: "markdown",
    printWidth: 120,
  });
  writeFileSync(page, whole);
}

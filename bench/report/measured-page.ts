/** What was measured of one section, as it stands on the page. */
export interface MeasuredSection {
  readonly name: string;
  readonly text: string;
}

const beginOf = (name: string): string => `<!-- measured ${name}: begin -->`;
const endOf = (name: string): string => `<!-- measured ${name}: end -->`;

/**
 * Puts newly measured sections into a page, each between marks of its own. Those that were not measured this time stay as they
 * are, so that a long section can be measured on another day than the others.
 *
 * @param order names of all sections, in the order in which they are to stand
 * @throws {Error} where the page has no mark at all, so that nobody can say where they belong.
 * @example
 * ```ts
 * withSections(page, [{ name: "idle", text: "## Nothing to do" }], ["requests", "idle"]);
 * ```
 */
export function withSections(
  page: string,
  measured: readonly MeasuredSection[],
  order: readonly string[],
): string {
  const texts = new Map(order.flatMap((name) => textBetween(page, beginOf(name), endOf(name)) ?? []));
  const marks = order.flatMap((name) => [page.indexOf(beginOf(name)), page.indexOf(endOf(name))]);
  const found = marks.filter((offset) => offset !== -1);
  if (found.length === 0) throw new Error(`the page has lost its marks, such as ${beginOf(order[0] ?? "")}`);
  const last = page.indexOf("-->", Math.max(...found)) + "-->".length;
  for (const { name, text } of measured) texts.set(beginOf(name), `\n\n${text}\n\n`);
  const sections = order.flatMap((name) => {
    const text = texts.get(beginOf(name));
    return text === undefined ? [] : [`${beginOf(name)}${text}${endOf(name)}`];
  });
  return page.slice(0, Math.min(...found)) + sections.join("\n\n") + page.slice(last);
}

function textBetween(page: string, begin: string, end: string): [readonly [string, string]] | undefined {
  const [, after] = page.split(begin);
  const [text, rest] = after?.split(end) ?? [];
  return text === undefined || rest === undefined ? undefined : [[begin, text]];
}

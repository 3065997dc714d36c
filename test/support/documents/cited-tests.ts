import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { repository } from "./pages.js";

/** A test that a page names. */
export interface CitedTest {
  /** Path of its file below one of some folders, without `.test.ts`. */
  readonly file: string;
  /** With an ellipsis where a table of the test puts something. */
  readonly title: string;
}

/**
 * The tests that a text names: the file in backticks, and behind a colon the titles in quotes.
 *
 * @example
 * citedTests('`pods/drift`: "replaces a pod", "leaves it alone"').map(({ title }) => title); // ["replaces a pod", "leaves it alone"]
 */
export const citedTests = (text: string): readonly CitedTest[] =>
  [...text.matchAll(/`([\w/-]+)`: ("[^"]+"(?:, "[^"]+")*)/g)].flatMap(([, file = "", titles = ""]) =>
    [...titles.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => ({ file, title })),
  );

/** What is wrong with a citation, or undefined. What is around an ellipsis has to stand in the source. */
export function citationFault(
  { file, title }: CitedTest,
  ...folders: readonly [string, ...string[]]
): string | undefined {
  const place = folders.map((folder) => path.join(repository, folder, `${file}.test.ts`)).find(existsSync);
  if (place === undefined) return `there is no ${file}.test.ts in ${folders.join(", ")}`;
  const source = readFileSync(place, "utf8");
  const missing = title.split("…").filter((part) => !source.includes(part.trim()));
  return missing.length === 0 ? undefined : `${file}.test.ts has no test "${title}"`;
}

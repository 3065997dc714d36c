import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const repository = path.resolve(import.meta.dirname, "../..");
const page = readFileSync(path.join(repository, "docs/threat-model.md"), "utf8");

/** A row's last column: the file's name in backticks, the test's in quotes. */
const cited = [...page.matchAll(/\| `([\w-]+)`: "([^"]+)" +\|$/gm)].map(([, file = "", title = ""]) => ({
  file: `test/e2e/bypass/${file}.test.ts`,
  title,
}));

describe("docs/threat-model.md", () => {
  it("cites a test in every row of the tables that have such a column", () => {
    const tables = page.split(/\n\n/).filter((block) => /^\| row .*\| test +\|/.test(block));
    const rows = tables.flatMap((table) => table.split("\n").slice(2));
    expect(rows.length).toBeGreaterThan(40);
    expect(cited).toHaveLength(rows.length);
  });

  // Where a test's table puts something, the page has an ellipsis: what is around it stands in the source.
  it.each(cited)('names a test that exists: $file "$title"', ({ file, title }) => {
    expect(existsSync(path.join(repository, file))).toBe(true);
    const source = readFileSync(path.join(repository, file), "utf8");
    const parts = title.split("…").map((part) => part.trim());
    expect(parts.filter((part) => !source.includes(part))).toEqual([]);
  });
});

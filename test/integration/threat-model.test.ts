import { describe, expect, it } from "vitest";
import { citationFault, citedTests } from "../support/documents/cited-tests.js";
import { textOf } from "../support/documents/pages.js";

const page = textOf("docs/threat-model.md");
const tables = page.split(/\n\n/).filter((block) => /^\| row .*\| test +\|/.test(block));
const rows = tables.flatMap((table) => table.split("\n").slice(2));
const cited = rows.flatMap((row) => citedTests(row.split(" | ").at(-1) ?? ""));

describe("docs/threat-model.md", () => {
  it("cites a test in every row of the tables that have such a column", () => {
    expect(rows.length).toBeGreaterThan(60);
    expect(cited).toHaveLength(rows.length);
  });

  it.each(cited)('names a test that exists: $file "$title"', (test) => {
    expect(citationFault(test, "test/e2e/bypass", "test/e2e", "packages/operator/src")).toBeUndefined();
  });
});

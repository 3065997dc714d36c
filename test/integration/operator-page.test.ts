import { describe, expect, it } from "vitest";
import {
  blockedReasons,
  degradedReasons,
  eventReasons,
  hibernationFailureReasons,
  hibernationReasons,
  progressingReasons,
  readyReasons,
} from "../../packages/operator/src/model/reasons.js";
import { citationFault, citedTests } from "../support/documents/cited-tests.js";
import { textOf } from "../support/documents/pages.js";

const page = textOf("docs/operator.md");

/** What stands below a heading, up to the next of its rank or a higher one. */
function section(heading: string): string {
  const [rank = ""] = heading.split(" ");
  const [, below = ""] = page.split(`\n${heading}\n`);
  return below.split(new RegExp(`\n#{1,${rank.length}} `))[0] ?? "";
}

/** The rows of a section's tables, in cells, without their heads. */
const rowsOf = (heading: string): readonly (readonly string[])[] =>
  section(heading)
    .split(/\n\n/)
    .map((block) => block.trim())
    .filter((block) => block.startsWith("| "))
    .flatMap((table) => table.split("\n").slice(2))
    .map((row) => row.split("|").map((cell) => cell.trim()))
    .map((cells) => cells.slice(1, -1));

describe("docs/operator.md", () => {
  it.each([
    ["### Ready", readyReasons],
    ["### Progressing", progressingReasons],
    ["### Degraded", degradedReasons],
    ["### Blocked", blockedReasons],
    ["### Of a CocoonHibernation", hibernationReasons],
    ["## Events", eventReasons],
  ])("has every reason below '%s' with what it means, and no other", (heading, reasons) => {
    expect(rowsOf(heading).map(([reason, meaning]) => [reason, meaning])).toEqual(
      Object.entries(reasons).map(([reason, meaning]) => [`\`${reason}\``, meaning]),
    );
  });

  it("calls the events of troubles and failures warnings, and no others", () => {
    const { Overruled } = hibernationReasons;
    const troubles = { ...degradedReasons, ...blockedReasons, ...hibernationFailureReasons, Overruled };
    const isWarning = (event: string): boolean =>
      Object.hasOwn(troubles, event) || event.endsWith("DeadLetter");
    expect(rowsOf("## Events").map(([event, , type]) => [event, type])).toEqual(
      Object.keys(eventReasons).map((event) => [`\`${event}\``, isWarning(event) ? "Warning" : "Normal"]),
    );
  });

  it.each(["### Degraded", "### Blocked"])("says what to do about each trouble below '%s'", (heading) => {
    const silent = rowsOf(heading).filter(([reason, , wayOut]) => reason !== "`AsExpected`" && wayOut === "");
    expect(silent).toEqual([]);
  });

  const rules = rowsOf("## The rules against data loss, and their tests");

  it("names a test for each rule", () => {
    expect(rules.length).toBeGreaterThan(20);
    const untested = rules.filter(([, tests = ""]) => citedTests(tests).length === 0);
    expect(untested).toEqual([]);
  });

  it.each(rules.flatMap(([, tests = ""]) => citedTests(tests)))(
    'names a test that exists: $file "$title"',
    (test) => {
      const fault = citationFault(test, "packages/operator/src", "packages/node/src", "test/e2e");
      expect(fault).toBeUndefined();
    },
  );
});

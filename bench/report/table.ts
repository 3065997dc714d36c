import { figure } from "../core/format.js";
import { achievement, type Findings, type Table, type Target } from "../core/section.js";

/** A section's findings as Markdown, which also reads well in a terminal. */
export function markdownOf(title: string, { tables, targets }: Findings): string {
  const parts = [`## ${title}`];
  for (const table of tables) parts.push(`### ${table.title}`, markdownTable(table));
  if (targets.length > 0) parts.push("### Targets", markdownTable(targetTable(targets)));
  return `${parts.join("\n\n")}\n`;
}

/** Targets with what was measured. */
function targetTable(targets: readonly Target[]): Table {
  return {
    title: "Targets",
    columns: ["target", "wanted", "measured", ""],
    rows: targets.map((target) => [
      target.name,
      wantedText(target),
      figure(target.measured),
      verdictOn(achievement(target)),
    ]),
  };
}

/** Of none at all, no share can be told. */
function verdictOn(achieved: number): string {
  if (achieved >= 1) return "met";
  return achieved === 0 ? "missed" : `missed by ${Math.ceil((1 / achieved - 1) * 100)} %`;
}

/** `at least 0.9`. */
export const wantedText = ({ wanted }: Target): string =>
  "atLeast" in wanted ? `at least ${wanted.atLeast}` : `at most ${wanted.atMost}`;

/** Columns as wide as their cells, so that it can be read as it is; all but the first are figures, on the right. */
function markdownTable({ columns, rows }: Table): string {
  const widths = columns.map((column, index) =>
    Math.max(3, ...[column, ...rows.map((row) => row[index] ?? "")].map((cell) => cell.length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, index) => pad(cells[index] ?? "", width, index)).join(" | ")} |`;
  const rule = widths.map((width, index) => (index === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(columns), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

const pad = (cell: string, width: number, column: number): string =>
  column === 0 ? cell.padEnd(width) : cell.padStart(width);

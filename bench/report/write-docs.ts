import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "prettier";
import { chartSvg } from "./chart.js";
import { withSections } from "./measured-page.js";
import { origin, type Provenance } from "./provenance.js";
import type { Report, ReportedSection } from "./report.js";
import { markdownOf } from "./table.js";

const docs = path.resolve(import.meta.dirname, "../../docs");
const page = path.join(docs, "performance.md");

/**
 * Writes what was measured into docs/performance.md, each section between marks of its own, and the charts beside it.
 *
 * @param order names of all sections, in the order in which they stand there
 */
export async function writeDocs(report: Report, order: readonly string[]): Promise<readonly string[]> {
  const charts = report.sections.flatMap(({ findings }) => findings.charts ?? []);
  const pictures = charts.map((chart) => ({
    file: path.join(docs, "images", `performance-${chart.name}.svg`),
    svg: chartSvg(chart),
  }));
  const measured = report.sections.map((section) => ({
    name: section.name,
    text: sectionText(section, report.provenance),
  }));
  const text = withSections(readFileSync(page, "utf8"), measured, order);
  const whole = await format(text, { parser: "markdown", printWidth: 120 });
  writeFileSync(page, whole);
  for (const { file, svg } of pictures) writeFileSync(file, svg);
  return [page, ...pictures.map(({ file }) => file)];
}

function sectionText({ title, findings }: ReportedSection, provenance: Provenance): string {
  const pictures = (findings.charts ?? []).map(
    (chart) => `![${chart.title}](images/performance-${chart.name}.svg)`,
  );
  const [heading = "", ...rest] = markdownOf(title, findings).split("\n");
  return [heading, origin(provenance), rest.join("\n").trim(), ...pictures].join("\n\n");
}

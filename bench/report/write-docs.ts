import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "prettier";
import { chartSvg } from "./chart.js";
import type { Provenance } from "./provenance.js";
import type { Report } from "./report.js";
import { markdownOf } from "./table.js";

const docs = path.resolve(import.meta.dirname, "../../docs");
const page = path.join(docs, "performance.md");
const [begin, end] = ["<!-- measured: begin -->", "<!-- measured: end -->"];

/** Writes what was measured into docs/performance.md, between its marks, and the charts beside it. */
export async function writeDocs(report: Report): Promise<readonly string[]> {
  const charts = report.sections.flatMap(({ findings }) => findings.charts ?? []);
  const pictures = charts.map((chart) => ({
    file: path.join(docs, "images", `performance-${chart.name}.svg`),
    svg: chartSvg(chart),
  }));
  const text = readFileSync(page, "utf8");
  const [before, after] = [text.split(begin)[0], text.split(end)[1]];
  if (before === undefined || after === undefined)
    throw new Error(`${page} has lost its marks: ${begin} and ${end}`);
  const measured = [origin(report.provenance), ...report.sections.map(sectionText)].join("\n\n");
  const whole = await format(`${before}${begin}\n\n${measured}\n\n${end}${after}`, {
    parser: "markdown",
    printWidth: 120,
  });
  writeFileSync(page, whole);
  for (const { file, svg } of pictures) writeFileSync(file, svg);
  return [page, ...pictures.map(({ file }) => file)];
}

function sectionText({ title, findings }: Report["sections"][number]): string {
  const pictures = (findings.charts ?? []).map(
    (chart) => `![${chart.title}](images/performance-${chart.name}.svg)`,
  );
  return [markdownOf(title, findings), ...pictures].join("\n\n");
}

const origin = ({ commit, date, node, kernel, cores, memoryGb }: Provenance): string =>
  `Commit \`${commit}\`, ${date}, Node ${node}, ${kernel}, ${cores} cores and ${memoryGb} GB of a virtual machine that it ` +
  `shares with others.`;

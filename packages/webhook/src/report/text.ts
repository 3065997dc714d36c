import type { Finding } from "../check/index.js";
import { type Paint, painter, visible } from "@cocoonstack/program/terminal";
import { type Report, titleOf, wayOutOf } from "./report.js";
import { summary } from "./summary.js";

/** For people: a paragraph for each finding, and the summary. */
export function text(report: Report, { colour }: { readonly colour: boolean }): string {
  const paint = painter(colour);
  return [...report.findings.map((finding) => paragraph(finding, paint)), `${summary(report)}\n`].join("\n");
}

function paragraph(finding: Finding, paint: Paint): string {
  const { file, line, column, severity, object, field, rule, message } = finding;
  const wayOut = wayOutOf(finding);
  const about = field === "" ? titleOf(object) : `${titleOf(object)}: ${visible(field)}`;
  const label = paint(severity === "error" ? "red" : "yellow", severity);
  return [
    `${paint("bold", `${file}:${line}:${column}`)}: ${label}: ${visible(about)} [${rule}]`,
    `  ${visible(message)}`,
    ...(wayOut === undefined ? [] : [`  ${paint("dim", `way out: ${wayOut}`)}`]),
    "",
  ].join("\n");
}

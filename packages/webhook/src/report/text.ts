import type { Finding } from "../check/index.js";
import { type Report, titleOf } from "./report.js";
import { summary } from "./summary.js";

// Select Graphic Rendition (ECMA-48, 8.3.117).
const codes = { bold: 1, red: 31, yellow: 33, dim: 2 } as const;

type Paint = (colour: keyof typeof codes, text: string) => string;

const plain: Paint = (_, text) => text;
const painted: Paint = (colour, text) => `\u001B[${codes[colour]}m${text}\u001B[0m`;

/** For people: a paragraph for each finding, and the summary. */
export function text(report: Report, { colour }: { readonly colour: boolean }): string {
  const paint = colour ? painted : plain;
  return [...report.findings.map((finding) => paragraph(finding, paint)), `${summary(report)}\n`].join("\n");
}

function paragraph(finding: Finding, paint: Paint): string {
  const { file, line, column, severity, object, field, rule, message, wayOut } = finding;
  const about = field === "" ? titleOf(object) : `${titleOf(object)}: ${visible(field)}`;
  const label = paint(severity === "error" ? "red" : "yellow", severity);
  return [
    `${paint("bold", `${file}:${line}:${column}`)}: ${label}: ${visible(about)} [${rule}]`,
    `  ${visible(message)}`,
    `  ${paint("dim", `way out: ${wayOut}`)}`,
    "",
  ].join("\n");
}

/** What comes out of a manifest must not steer the terminal, nor begin a line of its own. */
const visible = (value: string): string => value.replaceAll(/\p{Cc}/gu, "\uFFFD");

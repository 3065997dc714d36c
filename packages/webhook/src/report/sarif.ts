import path from "node:path";
import type { Finding } from "../check/index.js";
import { rules } from "../rules/index.js";
import { fingerprintOf } from "./fingerprint.js";
import { type Report, titleOf, wayOutOf } from "./report.js";

/** For code scanning: SARIF 2.1.0 (OASIS standard), with every rule that was found. */
export function sarif(report: Report): string {
  const found = [...new Set(report.findings.map(({ rule }) => rule))];
  const run = {
    tool: {
      driver: {
        name: "cocoon-webhook",
        rules: found.map((id) => ({
          id,
          shortDescription: { text: rules[id].title },
          fullDescription: { text: rules[id].explanation },
          help: { text: rules[id].wayOut },
          defaultConfiguration: { level: rules[id].severity },
        })),
      },
    },
    columnKind: "utf16CodeUnits",
    invocations: [
      {
        executionSuccessful: report.faults.length === 0,
        toolExecutionNotifications: report.faults.map(({ file, line, column, message }) => ({
          level: "error",
          message: { text: message },
          locations: [locationOf(file, line, column)],
        })),
      },
    ],
    results: report.findings.map((finding) => resultOf(finding, found.indexOf(finding.rule))),
  };
  const document = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [run],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const resultOf = (finding: Finding, ruleIndex: number): object => ({
  ruleId: finding.rule,
  ruleIndex,
  level: finding.severity,
  message: { text: textOf(finding) },
  locations: [locationOf(finding.file, finding.line, finding.column)],
  // Under a name of our own: GitHub's upload computes "primaryLocationLineHash" from the file, and warns of any other value.
  partialFingerprints: { "cocoonFinding/v1": fingerprintOf(finding) },
});

/** With the way out: viewers show the general one of the rule elsewhere, if at all. */
function textOf(finding: Finding): string {
  const { object, field, message } = finding;
  const wayOut = wayOutOf(finding);
  const text = [titleOf(object), field, message].filter(Boolean).join(": ");
  return wayOut === undefined ? text : `${text}; way out: ${wayOut}`;
}

function locationOf(file: string, startLine?: number, startColumn?: number): object {
  const region = startLine === undefined ? {} : { region: { startLine, startColumn } };
  // A relative reference (RFC 3986) has slashes between its parts, and takes no spaces.
  const uri = file.split(path.sep).map(encodeURIComponent).join("/");
  return { physicalLocation: { artifactLocation: { uri }, ...region } };
}

import { countOf, type Report } from "./report.js";

/** For programs; docs/check.md describes it. A field that changes its meaning raises `schemaVersion`. */
export function json(report: Report): string {
  const { findings, faults, objects, files } = report;
  const document = {
    schemaVersion: 1,
    summary: {
      objects,
      files,
      findings: countOf(report, "error"),
      warnings: countOf(report, "warning"),
      faults: faults.length,
    },
    findings: findings.map(({ file, line, column, severity, rule, object, field, message, wayOut }) => ({
      ...{ file, line, column, severity, rule, object, field, message, wayOut },
    })),
    faults,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

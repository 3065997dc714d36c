import type { Finding } from "../check/index.js";
import { type Report, titleOf } from "./report.js";

/** For CI servers that show tests: each finding is a failed test case, each fault an error; warnings go to the output. */
export function junit(report: Report): string {
  const errors = report.findings.filter(({ severity }) => severity === "error");
  const warnings = report.findings.filter(({ severity }) => severity === "warning");
  const { faults } = report;
  const passed = errors.length + faults.length === 0;
  const cases = [
    ...errors.map(
      (finding) =>
        `    <testcase classname="${escaped(finding.file)}" name="${escaped(nameOf(finding))}">\n` +
        `      <failure type="${finding.rule}" message="${escaped(finding.message)}">${escaped(placed(finding))}</failure>\n` +
        `    </testcase>\n`,
    ),
    ...faults.map(
      ({ file, line, message }) =>
        `    <testcase classname="${escaped(file)}" name="can be read">\n` +
        `      <error message="${escaped(line === undefined ? message : `line ${line}: ${message}`)}"/>\n` +
        `    </testcase>\n`,
    ),
    ...(passed ? [`    <testcase classname="cocoon-webhook" name="check"/>\n`] : []),
  ];
  const counts = `tests="${cases.length}" failures="${errors.length}" errors="${faults.length}"`;
  const output =
    warnings.length === 0
      ? ""
      : `    <system-out>${warnings.map((warning) => escaped(`${placed(warning)}\n`)).join("")}</system-out>\n`;
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n` +
    `  <testsuite name="cocoon-webhook check" ${counts}>\n${cases.join("")}${output}  </testsuite>\n</testsuites>\n`
  );
}

const nameOf = ({ object, field, rule, line }: Finding): string =>
  `${titleOf(object)} ${field} [${rule}] line ${line}`;

const placed = ({ file, line, column, message, wayOut }: Finding): string =>
  `${file}:${line}:${column}: ${message}; way out: ${wayOut}`;

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Characters that XML 1.0 cannot hold (section 2.2) are replaced. */
const escaped = (value: string): string =>
  value
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);

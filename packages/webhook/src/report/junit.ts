import type { Finding } from "../check/index.js";
import { type Report, titleOf, wayOutOf } from "./report.js";

/** For CI servers that show tests: each finding is a failed test case, each fault an error; warnings go to the output. */
export function junit(report: Report): string {
  const errors = report.findings.filter(({ severity }) => severity === "error");
  const warnings = report.findings.filter(({ severity }) => severity === "warning");
  const { faults } = report;
  const passed = errors.length + faults.length === 0;
  const cases = [
    ...errors.map(
      (finding) =>
        `    <testcase classname="${attribute(finding.file)}" name="${attribute(nameOf(finding))}">\n` +
        `      <failure type="${finding.rule}" message="${attribute(finding.message)}">${escaped(placed(finding))}</failure>\n` +
        `    </testcase>\n`,
    ),
    ...faults.map(
      ({ file, line, message }) =>
        `    <testcase classname="${attribute(file)}" name="can be read">\n` +
        `      <error type="not-checked" message="${attribute(line === undefined ? message : `line ${line}: ${message}`)}"/>\n` +
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

function placed(finding: Finding): string {
  const { file, line, column, message } = finding;
  const wayOut = wayOutOf(finding);
  return `${file}:${line}:${column}: ${message}${wayOut === undefined ? "" : `; way out: ${wayOut}`}`;
}

const entities: Readonly<Record<string, string>> = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" },
  ...{ "\t": "&#9;", "\n": "&#10;", "\r": "&#13;" },
};

const withEntities = (text: string, special: RegExp): string =>
  text.replaceAll(special, (character) => entities[character] ?? character);

/** Characters that XML 1.0 cannot hold (section 2.2) are replaced. */
const holdable = (text: string): string =>
  text.replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\uFFFD");

/** As text between tags, where parsers take a carriage return for a line break (section 2.11). */
const escaped = (text: string): string => withEntities(holdable(text), /[&<>\r]/g);

/** As the value of an attribute, where parsers take tabs and line breaks for spaces (section 3.3.3). */
const attribute = (text: string): string => withEntities(holdable(text), /[&<>"\t\n\r]/g);

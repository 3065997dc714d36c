import { type Report, titleOf, wayOutOf } from "./report.js";
import { summary } from "./summary.js";

/**
 * Annotations on the lines of a pull request
 * (https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions), and the summary.
 */
export function github(report: Report): string {
  const findings = report.findings.map((finding) => {
    const { severity, file, line, column, rule, object, field, message } = finding;
    const wayOut = wayOutOf(finding);
    return command(
      severity,
      { file, line, col: column, title: `${titleOf(object)} [${rule}]` },
      `${field === "" ? "" : `${field}: `}${message}${wayOut === undefined ? "" : `\nWay out: ${wayOut}`}`,
    );
  });
  const faults = report.faults.map(({ file, line, column, message }) =>
    command("error", { file, line, col: column, title: "not checked" }, message),
  );
  return [...findings, ...faults, `${summary(report)}\n`].join("\n");
}

type Properties = Readonly<Record<string, string | number | undefined>>;

function command(name: "error" | "warning", properties: Properties, message: string): string {
  const list = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [`${key}=${escaped(String(value)).replaceAll(":", "%3A").replaceAll(",", "%2C")}`],
  );
  return `::${name} ${list.join(",")}::${escaped(message)}`;
}

const escaped = (value: string): string =>
  value.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

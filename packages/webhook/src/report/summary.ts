import { countOf, type Report } from "./report.js";

/**
 * A check in one line.
 *
 * @example
 * summary(report); // "12 objects in 3 files: 2 errors, 1 warning"
 */
export function summary(report: Report): string {
  const { objects, files, faults } = report;
  const outcome = [
    counted(countOf(report, "error"), "error"),
    counted(countOf(report, "warning"), "warning"),
    ...(faults.length === 0 ? [] : [`${faults.length} not checked`]),
  ];
  return `${counted(objects, "object")} in ${counted(files, "file")}: ${outcome.join(", ")}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

// `npm run audit`: asks the registry for advisories about what package-lock.json names, and fails for each that
// scripts/audit/exceptions.json has no exception for. A step of the release, and not of .ci/run: what others publish must not turn a
// change red that has nothing to do with it, and not every registry answers.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { auditFaults, type AuditException, type AuditReport } from "./audit/judge.js";

const file = path.resolve(import.meta.dirname, "audit/exceptions.json");
const exceptions = JSON.parse(readFileSync(file, "utf8")) as readonly AuditException[];
// It ends with 1 where it finds something, which is judged here.
const { stdout } = spawnSync("npm", ["audit", "--json", ...process.argv.slice(2)], {
  encoding: "utf8",
  stdio: ["ignore", "pipe", "ignore"],
});
const faults = auditFaults(reportIn(stdout), exceptions, new Date());
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
else console.log("No advisory concerns what is installed.");

function reportIn(text: string): AuditReport {
  try {
    return JSON.parse(text) as AuditReport;
  } catch {
    return {};
  }
}

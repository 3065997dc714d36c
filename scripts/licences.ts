// `npm run licences`: holds the licences of everything in package-lock.json to the list in scripts/licences/rules.ts. Reads nothing
// but that file, so it works offline, and sees what other platforms install, too.
import { readFileSync } from "node:fs";
import path from "node:path";
import { licenceFaults, type Lockfile } from "./licences/judge.js";
import { licenceRules } from "./licences/rules.js";

const file = path.resolve(import.meta.dirname, "../package-lock.json");
const lockfile = JSON.parse(readFileSync(file, "utf8")) as Lockfile;
const faults = licenceFaults(lockfile, licenceRules);
for (const fault of faults) console.error(fault);
if (faults.length > 0) {
  console.error(
    "scripts/licences/rules.ts has the list; an addition needs a reason, and for the executables a review.",
  );
  process.exitCode = 1;
}

// `npm run pictures [-- dashboard]`: draws the pictures of docs/images anew. Those of diagrams and of `check` are also held by
// `npm run generate`; that of the demo comes from a run on a real API server, and test/e2e/demo.test.ts holds it. The
// dashboard's is another one every time, so it is drawn only when it is asked for, and needs prometheus in PATH.
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { whyWithout } from "../test/support/monitoring/prometheus.js";
import { writeFiles } from "./generate/files.js";
import { pictures } from "./generate/pictures.js";
import { dashboardPicture } from "./pictures/dashboard.js";
import { colours, demoScreen } from "./pictures/screens.js";

const root = path.resolve(import.meta.dirname, "..");

async function demoPicture(): Promise<string> {
  const env = { ...process.env, ...colours };
  const { stdout } = await promisify(execFile)("npm", ["run", "demo", "--", "--exit"], { cwd: root, env });
  return demoScreen(stdout);
}

async function drawDashboard(): Promise<readonly string[]> {
  const missing = whyWithout("prometheus");
  if (missing !== undefined) throw new Error(missing);
  await writeFile(path.join(root, "docs/images/dashboard.svg"), await dashboardPicture());
  return ["docs/images/dashboard.svg"];
}

const demo = { path: "docs/images/demo.svg", render: demoPicture };
const [wanted, ...more] = process.argv.slice(2);
if (more.length > 0 || (wanted !== undefined && wanted !== "dashboard")) {
  console.error(
    `unknown argument ${process.argv.slice(2).join(" ")}; usage: npm run pictures [-- dashboard]`,
  );
  process.exitCode = 2;
} else {
  const draw = wanted === undefined ? writeFiles(root, [...pictures, demo]) : drawDashboard();
  for (const file of await draw) console.log(`wrote ${file}`);
}

// `npm run pictures [-- dashboard | operator-dashboard]`: draws the pictures of docs/images anew. Those of diagrams and of `check` are also
// held by `npm run generate`; those of the demo come from a run on a real API server, and test/e2e/demo.test.ts holds them. A
// dashboard's is another one every time, so it is drawn only when it is asked for, and needs prometheus in PATH.
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { whyWithout } from "../test/support/monitoring/prometheus.js";
import { writeFiles } from "./generate/files.js";
import { pictures } from "./generate/pictures.js";
import { webhookDashboard } from "./pictures/dashboard.js";
import { operatorDashboard } from "./pictures/operator-dashboard.js";
import { colours, demoScreen, sleepScreen } from "./pictures/screens.js";

const root = path.resolve(import.meta.dirname, "..");

/** What the demo prints. */
async function demo(): Promise<string> {
  const env = { ...process.env, ...colours };
  const { stdout } = await promisify(execFile)("npm", ["run", "demo", "--", "--exit"], { cwd: root, env });
  return stdout;
}

async function drawAll(): Promise<readonly string[]> {
  const stdout = await demo();
  return writeFiles(root, [
    ...pictures,
    { path: "docs/images/demo.svg", render: () => demoScreen(stdout) },
    { path: "docs/images/demo-sleep.svg", render: () => sleepScreen(stdout) },
  ]);
}

const dashboards: Readonly<Record<string, () => Promise<string>>> = {
  dashboard: webhookDashboard,
  "operator-dashboard": operatorDashboard,
};

async function drawDashboard(name: string, draw: () => Promise<string>): Promise<readonly string[]> {
  const missing = whyWithout("prometheus");
  if (missing !== undefined) throw new Error(missing);
  const file = `docs/images/${name}.svg`;
  await writeFile(path.join(root, file), await draw());
  return [file];
}

const [wanted, ...more] = process.argv.slice(2);
const dashboard = dashboards[wanted ?? ""];
if (more.length > 0 || (wanted !== undefined && dashboard === undefined)) {
  const usage = `npm run pictures [-- ${Object.keys(dashboards).join(" | ")}]`;
  console.error(`unknown argument ${process.argv.slice(2).join(" ")}; usage: ${usage}`);
  process.exitCode = 2;
} else {
  const drawn =
    wanted === undefined || dashboard === undefined ? drawAll() : drawDashboard(wanted, dashboard);
  for (const file of await drawn) console.log(`wrote ${file}`);
}

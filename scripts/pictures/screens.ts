import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import path from "node:path";
import { promisify } from "node:util";
import { terminalSvg } from "./terminal.js";

const repository = path.resolve(import.meta.dirname, "../..");

/** Colours although nobody watches: a picture of a run in a terminal. */
export const colours = { FORCE_COLOR: "1", NO_COLOR: "" };

/** What `check` says of two of the examples, from a run of its sources. */
export async function checkScreen(): Promise<string> {
  const files = ["examples/cocoon-deployment.yaml", "examples/stray-pod.yaml"];
  const main = path.join(repository, "packages/webhook/src/cli/main.ts");
  const args = [path.join(repository, "node_modules/tsx/dist/cli.mjs"), main, "check", ...files];
  const env = { ...process.env, ...colours };
  // Exit code 1 says that there are findings, which is what the picture is about.
  const output = await promisify(execFile)(process.execPath, args, { cwd: repository, env }).then(
    ({ stdout }) => stdout,
    (error: unknown) => {
      const { code, stdout } = error as { readonly code?: unknown; readonly stdout?: string };
      if (code === 1 && stdout !== undefined && stdout !== "") return stdout;
      throw error;
    },
  );
  const command = `npx cocoon-webhook check ${files.join(" ")}`;
  return terminalSvg({
    title: "cocoon-webhook check",
    description: `What '${command}' prints: a warning for a Deployment of VMs, an error for a stray pod, each with file, line, rule and way out.`,
    output: `$ ${command}\n${output}`,
  });
}

/**
 * What `npm run demo -- --exit` prints about the Deployment that the webhook guards. Every time of day is the same, so that the
 * picture of two runs is.
 */
export const demoScreen = (stdout: string): string =>
  terminalSvg({
    title: "npm run demo",
    description:
      "Steps of the demo's story on a real API server: a Deployment of VMs is stored with a warning, scaling it down from 3 to 1 is refused with the way out, scaling it up goes through.",
    output: ["…", ...linesBetween(stdout, "A Deployment of VMs", "Starting a registry")].join("\n"),
  });

/** What it prints about a CocoonSet that is suspended and wakes; digests, disks, times and ages are those of no run. */
export const sleepScreen = (stdout: string): string =>
  terminalSvg({
    title: "npm run demo",
    description:
      "Steps of the demo's story: somebody works in a VM; its CocoonSet is suspended, and the snapshots in the registry hold what was written; it wakes, and every VM has the disk that it had.",
    output: ["…", ...linesBetween(stdout, "Three days of work", "One VM alone")].join("\n"),
  });

/** At the end of a line, or before the end of its colour. */
// eslint-disable-next-line no-control-regex -- it is the control character that begins an escape sequence
const ageColumn = /(?<= )(?:\d+m)?\d+s(?=(?:\u001B\[0m)?$)/gm;

/** The lines from the one that holds `first` to the one before that which holds `end`, without what differs from run to run. */
function linesBetween(stdout: string, first: string, end: string): readonly string[] {
  const lines = stdout
    .replaceAll(/\b\d\d:\d\d:\d\d\b/g, "12:00:00")
    .replaceAll(ageColumn, "9s")
    .split("\n");
  const from = lines.findIndex((line) => line.includes(first));
  const to = lines.findIndex((line) => line.includes(end));
  if (from === -1 || to < from) throw new Error(`the demo does not tell of '${first}' and '${end}' any more`);
  return withKnownIds(lines.slice(from, to).join("\n")).split("\n");
}

/** Puts the same ids in the place of random ones, each for each. */
function withKnownIds(text: string): string {
  const known = new Map<string, string>();
  return text.replaceAll(/\b[0-9a-f]{12}\b|\b[0-9a-f]{8}(?=\.\d)/g, (id) => {
    const found = known.get(id) ?? createHash("sha256").update(String(known.size)).digest("hex");
    known.set(id, found);
    return found.slice(0, id.length);
  });
}

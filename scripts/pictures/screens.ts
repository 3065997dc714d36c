import { execFile } from "node:child_process";
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
 * The end of what `npm run demo -- --exit` prints, from the step on that the webhook is there for. Every time of day is the
 * same, so that the picture of two runs is.
 */
export function demoScreen(stdout: string): string {
  const lines = stdout.replaceAll(/\b\d\d:\d\d:\d\d\b/g, "12:00:00").split("\n");
  const from = lines.findIndex((line) => line.includes("A Deployment of VMs"));
  if (from === -1) throw new Error("the demo does not tell of a Deployment of VMs any more");
  return terminalSvg({
    title: "npm run demo",
    description:
      "The end of the demo's story on a real API server: a Deployment of VMs is stored with a warning, scaling it down from 3 to 1 is refused with the way out, scaling it up goes through.",
    output: ["…", ...lines.slice(from)].join("\n"),
  });
}

import { spawn } from "node:child_process";
import { once } from "node:events";

/** How a command of a page ended. */
export interface Ended {
  readonly code: number | null;
  /** Both streams, in the order in which they were written. */
  readonly output: string;
}

/** Where and how commands of a page are run. */
export interface Place {
  readonly cwd: string;
  /** Besides the environment of this process. @default {} */
  readonly env?: NodeJS.ProcessEnv;
}

/** How long a command of a page may take, on a busy machine. */
const timeoutMs = 120_000;

/** Runs a command as somebody who pastes it into a terminal; the output streams are one, as there. */
export async function runInShell(command: string, { cwd, env = {} }: Place): Promise<Ended> {
  const shell = spawn("bash", ["-e", "-o", "pipefail", "-c", `exec 2>&1\n${command}`], {
    cwd,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "inherit"],
    timeout: timeoutMs,
  });
  let output = "";
  shell.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  const [code] = (await once(shell, "close")) as [number | null];
  return { code, output };
}

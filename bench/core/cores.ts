import { execFileSync, spawnSync } from "node:child_process";
import { cpus } from "node:os";

/** What is measured has this core for itself, as far as the machine is ours. */
export const serverCore = "0";

/** The rest of the machine: the load, the API server, this process. */
export const loadCores = cpus().length > 1 ? `1-${cpus().length - 1}` : "0";

/** A command that runs on these cores only. */
export function onCores(
  cores: string,
  command: readonly string[],
): readonly [command: string, ...args: string[]] {
  return ["taskset", "-c", cores, ...command];
}

/** The whole machine. */
export const allCores = `0-${cpus().length - 1}`;

/** Leaves the server's core to the server; what this process starts stays off it too, unless told otherwise. */
export function stayOffTheServersCore(): void {
  moveTo(loadCores);
}

/** Gives this process, and what it starts meanwhile, the whole machine: where a cluster is measured, everything shares it. */
export async function onAllCores<T>(act: () => Promise<T>): Promise<T> {
  moveTo(allCores);
  try {
    return await act();
  } finally {
    stayOffTheServersCore();
  }
}

function moveTo(cores: string): void {
  execFileSync("taskset", ["-a", "-c", "-p", cores, String(process.pid)], { stdio: "ignore" });
}

const tools: readonly { readonly command: string; readonly debianPackage: string }[] = [
  { command: "wrk", debianPackage: "wrk" },
  { command: "taskset", debianPackage: "util-linux" },
];

/** Why nothing can be measured on this machine, in a sentence with the way out; undefined where it can. */
export function whyNot(): string | undefined {
  if (process.platform !== "linux")
    return "the benchmark reads CPU time and memory from /proc, so it needs Linux";
  if (cpus().length < 2) return "the benchmark needs two cores: one for the server, one for the load";
  const missing = tools.filter(({ command }) => spawnSync(command, ["--version"]).error !== undefined);
  if (missing.length === 0) return undefined;
  const names = missing.map(({ command }) => command).join(" and ");
  const packages = missing.map(({ debianPackage }) => debianPackage).join(" ");
  return `the benchmark needs ${names}; on Debian: apt-get install ${packages}`;
}

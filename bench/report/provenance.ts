import { execFileSync } from "node:child_process";
import { cpus, release, totalmem } from "node:os";

/** Where and of what figures come; without it they mean nothing. */
export interface Provenance {
  readonly commit: string;
  readonly date: string;
  readonly node: string;
  readonly kernel: string;
  readonly cores: number;
  readonly memoryGb: number;
}

export function provenance(): Provenance {
  const git = (...args: readonly string[]): string =>
    execFileSync("git", [...args], { encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "--", "packages", "bench") === "" ? "" : ", changed";
  return {
    commit: git("rev-parse", "--short=12", "HEAD") + changed,
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    kernel: `Linux ${release().split("-")[0] ?? ""}`,
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
  };
}

/** The same in a sentence. */
export const origin = ({ commit, date, node, kernel, cores, memoryGb }: Provenance): string =>
  `Commit \`${commit}\`, ${date}, Node ${node}, ${kernel}, ${cores} cores and ${memoryGb} GB of a virtual machine that it ` +
  `shares with others.`;

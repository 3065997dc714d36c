import { readFileSync } from "node:fs";

/**
 * True while a process runs. One that has ended and that nobody has waited for yet does not run: an orphan may stay in the process
 * table for as long as it pleases init, and in a container without init for good.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== "linux") return true;
  try {
    // proc(5): the state follows the name, which is in parentheses.
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** What a process has used so far. */
export interface ProcessUsage {
  /** CPU time of all its threads, those that ended not counted: servers keep theirs. */
  readonly cpuUs: number;
  /** The most memory it held since {@link forgetPeak}. */
  readonly peakRssMb: number;
  /** What it holds now. */
  readonly rssMb: number;
}

/** Reads what a process of this machine has used; `/proc/PID/task/TID/schedstat` counts in nanoseconds. */
export function usageOf(pid: number): ProcessUsage {
  const threads = readdirSync(`/proc/${pid}/task`);
  const cpuNs = threads.reduce((sum, thread) => sum + cpuNsOf(`/proc/${pid}/task/${thread}`), 0);
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return {
    cpuUs: cpuNs / 1000,
    peakRssMb: kilobytes(status, "VmHWM") / 1024,
    rssMb: kilobytes(status, "VmRSS") / 1024,
  };
}

/** Starts the peak anew (`proc(5)`: 5 written to `clear_refs` resets the high-water mark). */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

function cpuNsOf(task: string): number {
  try {
    return Number(readFileSync(`${task}/schedstat`, "utf8").split(" ", 1)[0]);
  } catch {
    return 0; // it ended between the listing and the look
  }
}

function kilobytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? Number.NaN);
}

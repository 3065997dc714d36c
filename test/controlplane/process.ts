import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "@cocoonstack/common/k8s";

/** What to run. */
export interface ProcessOptions {
  /** What messages call it. */
  readonly name: string;
  /** The executable: a path, or a name that is looked up on `PATH`. */
  readonly command: string;
  readonly args: readonly string[];
  /** The file that both output streams go to. */
  readonly logFile: string;
  /** The working folder. @default this process's own */
  readonly cwd?: string;
  /** The environment. @default this process's own */
  readonly env?: NodeJS.ProcessEnv;
}

/** A child that leads its own process group and logs to a file. It does not keep Node's event loop alive. */
export interface SupervisedProcess {
  readonly name: string;
  /** Leader of the process group; undefined when the executable could not be started. */
  readonly pid: number | undefined;
  /** How it ended, in words (`ended with code 1`), or undefined while it runs. */
  ending(): string | undefined;
  /** True when it ended by itself with code 0. */
  succeeded(): boolean;
  /** Resolves when it has ended, also when it could not be started. */
  readonly ended: Promise<void>;
  /** Everything it has written so far, one item a line, without empty ones. */
  log(): readonly string[];
  /** Ends the process group: SIGTERM, and SIGKILL after `graceMs`. Resolves when the process is gone. */
  stop(graceMs: number): Promise<void>;
}

/** Starts a supervised process. A start that fails shows in `ending()`, in words. */
export function startProcess(options: ProcessOptions): SupervisedProcess {
  const { name, command, args, logFile } = options;
  const log = openSync(logFile, "a");
  const child = spawn(command, args, {
    // Its own process group: it can be ended together with its children, and Ctrl-C reaches it through us, in order.
    detached: true,
    stdio: ["ignore", log, log],
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.env !== undefined && { env: options.env }),
  });
  closeSync(log);
  child.unref();

  let ending: string | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      ending ??= `could not be started (${error.message})`;
      resolve();
    });
    child.once("exit", (code, signal) => {
      ending ??= code === null ? `was ended by ${signal ?? "a signal"}` : `ended with code ${code}`;
      resolve();
    });
  });

  return {
    name,
    pid: child.pid,
    ending: () => ending,
    succeeded: () => child.exitCode === 0,
    ended,
    log: () => linesOf(logFile),
    stop: async (graceMs) => {
      if (child.pid === undefined || ending !== undefined) return;
      // The child alone would not keep the event loop alive until its end is seen.
      child.ref();
      killGroup(child.pid, "SIGTERM");
      const grace = new AbortController();
      await Promise.race([ended, sleep(graceMs, undefined, { signal: grace.signal }).catch(() => undefined)]);
      grace.abort();
      // Also when the leader has gone in time: a member of its group may have stayed.
      killGroup(child.pid, "SIGKILL");
      await ended;
    },
  };
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "");
  } catch {
    // The folder is removed when everything has stopped; then there is nothing left to show.
    return [];
  }
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: gone meanwhile, which is what was wanted. EPERM: on macOS, a group of zombies.
    if (!isErrno(error, "ESRCH", "EPERM")) throw error;
  }
}

/** True for a system error with one of these codes, such as `ENOENT`. */
export function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(errorCode(error) ?? "");
}

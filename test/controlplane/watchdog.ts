import { spawn } from "node:child_process";
import { once } from "node:events";

/**
 * The watchdog ends what we started when we can no longer do it ourselves. It is a shell that reads our pipe: each line is the
 * full list of process groups now alive, and the end of the pipe means that this process is gone, however it ended (exit, uncaught
 * exception, Ctrl-C, even SIGKILL). One mechanism for every ending needs no signal handlers, which would change how the
 * surrounding process dies. What it ends is throw-away by definition, so it kills at once and removes the folder; the loop is for
 * processes that are still writing while they die.
 */
const script = `
groups=
while read -r line; do groups=$line; done
for group in $groups; do kill -s KILL -- "-$group"; done
tries=0
until rm -rf -- "$1" || [ "$tries" -ge 20 ]; do tries=$((tries + 1)); sleep 1; done
`;

/** Outlives this process for a moment, and takes what it was told about with it. */
export interface Watchdog {
  /** Replaces the list of process groups to kill; each is the pid of a child that was spawned with `detached`. */
  watch(groups: readonly number[]): void;
  /** Ends the watchdog. The process groups must be gone; the folder is removed if it is still there. */
  close(): Promise<void>;
}

/**
 * Starts a watchdog for `folder`, which it removes when this process ends.
 *
 * @throws when `sh` cannot be started.
 */
export async function startWatchdog(folder: string): Promise<Watchdog> {
  // Detached: Ctrl-C in a terminal goes to the whole foreground process group, and must not reach the one that cleans up.
  const shell = spawn("sh", ["-c", script, "watchdog", folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
  });
  await once(shell, "spawn");
  const exited = once(shell, "exit");
  // A watchdog that somebody killed shows as a broken pipe; the normal way of stopping does not need it.
  shell.stdin.on("error", () => undefined);
  // A program that forgets to stop what it started shall still end, and the watchdog then does its work.
  shell.unref();

  return {
    watch: (groups) => {
      shell.stdin.write(`${groups.join(" ")}\n`);
    },
    close: async () => {
      shell.ref();
      shell.stdin.end("\n");
      if (shell.exitCode === null && shell.signalCode === null) await exited;
    },
  };
}

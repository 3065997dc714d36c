import { rm } from "node:fs/promises";
import path from "node:path";
import { startProcess, type ProcessOptions, type SupervisedProcess } from "./process.js";
import { startWatchdog } from "./watchdog.js";

/** A throw-away folder and the processes that work in it. They end together, whatever ends this process. */
export interface Sandbox {
  readonly folder: string;
  /** Starts a process that logs to `NAME.log` in the folder. */
  start(options: Omit<ProcessOptions, "logFile">): SupervisedProcess;
  /** Ends every process, the last started first, and removes the folder. May be called more than once. */
  close(): Promise<void>;
}

/** How long a process may take to end by itself. Nothing in the folder is worth waiting for longer. */
const graceMs = 3_000;

/**
 * Makes a sandbox of an existing folder, which it owns from then on.
 *
 * @throws when the watchdog cannot be started; the folder is removed then, too.
 */
export async function openSandbox(folder: string): Promise<Sandbox> {
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 10 });
  const watchdog = await startWatchdog(folder).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const processes = new Set<SupervisedProcess>();
  // The list is told again after each ending: a pid that has become somebody else's must not stay on it.
  const tell = (): void => {
    watchdog.watch([...processes].flatMap(({ pid }) => pid ?? []));
  };
  let closing: Promise<void> | undefined;

  const close = async (): Promise<void> => {
    for (const process of [...processes].reverse()) await process.stop(graceMs);
    await remove();
    await watchdog.close();
  };

  return {
    folder,
    start: (options) => {
      const process = startProcess({ ...options, logFile: path.join(folder, `${options.name}.log`) });
      processes.add(process);
      tell();
      void process.ended.then(() => {
        processes.delete(process);
        tell();
      });
      return process;
    },
    close: () => (closing ??= close()),
  };
}

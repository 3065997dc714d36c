import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./is-alive.js";

/**
 * Takes a lock that processes share: a folder can be made once, and what is in it says by which process. One that was left
 * behind by a process that is gone is taken over.
 *
 * @returns what gives it back, or undefined while somebody has it
 */
export function tryLock(folder: string): (() => void) | undefined {
  const holder = path.join(folder, "pid");
  const release = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    mkdirSync(folder);
  } catch {
    if (!isLeftBehind(holder)) return undefined;
    release();
    return tryLock(folder);
  }
  writeFileSync(holder, String(process.pid));
  return release;
}

/**
 * Waits for such a lock.
 *
 * @param onWait is told once, where it is not free
 * @throws the signal's reason when it is aborted before
 */
export async function lockWhenFree(
  folder: string,
  { signal, onWait }: { readonly signal?: AbortSignal | undefined; readonly onWait: () => void },
): Promise<() => void> {
  for (let tries = 0; ; tries++) {
    signal?.throwIfAborted();
    const release = tryLock(folder);
    if (release !== undefined) return release;
    if (tries === 0) onWait();
    await sleep(100);
  }
}

/** Whether the process that holds the lock is gone; one that has not said its name yet is not. */
function isLeftBehind(holder: string): boolean {
  try {
    return !isAlive(Number(readFileSync(holder, "utf8")));
  } catch {
    return false;
  }
}

/** What Node's timers can hold: a longer delay would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Waits `ms` milliseconds. Resolves true when the time has passed and false when `signal` was aborted first (at once, if
 * it already is). Leaves no timer and no listener behind, and takes delays of any length.
 *
 * @example
 * ```ts
 * while (await sleep(5_000, signal)) await refresh();
 * ```
 */
export async function sleep(ms: number, signal?: AbortSignal): Promise<boolean> {
  let left = ms;
  while (left > longestTimerMs) {
    if (!(await pause(longestTimerMs, signal))) return false;
    left -= longestTimerMs;
  }
  return pause(left, signal);
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  if (signal?.aborted === true) return Promise.resolve(false);
  return new Promise((resolve) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve(true);
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

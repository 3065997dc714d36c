/**
 * How long a test waits for what takes effect a moment later. It is no measure of anything: only what never comes takes as long, on
 * however busy a machine.
 */
export const patienceMs = 50_000;

/** Asks until the answer fits, for what takes effect a moment later; gives the last answer where none does. */
export async function eventually<T>(
  attempt: () => Promise<T>,
  fits: (result: T) => boolean,
  timeoutMs = patienceMs,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const result = await attempt();
    if (fits(result) || performance.now() > deadlineMs) return result;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The same for what a test cannot go on without: rejects with `fault` and the last answer where none fits. */
export async function until<T>(
  fault: string,
  attempt: () => Promise<T>,
  fits: (result: T) => boolean,
  timeoutMs = patienceMs,
): Promise<void> {
  const result = await eventually(attempt, fits, timeoutMs);
  if (!fits(result)) throw new Error(`${fault} after ${timeoutMs} ms: ${JSON.stringify(result)}`);
}

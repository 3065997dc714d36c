/** Asks until the answer fits, for what takes effect a moment later; gives the last answer where none does. */
export async function eventually<T>(
  attempt: () => Promise<T>,
  fits: (result: T) => boolean,
  timeoutMs = 20_000,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const result = await attempt();
    if (fits(result) || performance.now() > deadlineMs) return result;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * Runs a task every `intervalMs`, the next one only when the last has ended, until the signal is given. The task must not
 * reject. The timer keeps no process alive.
 */
export function repeat(task: () => Promise<unknown>, intervalMs: number, signal: AbortSignal): void {
  let timer: NodeJS.Timeout;
  const schedule = (): void => {
    if (signal.aborted) return;
    timer = setTimeout(() => {
      void task().finally(schedule);
    }, intervalMs).unref();
  };
  signal.addEventListener(
    "abort",
    () => {
      clearTimeout(timer);
    },
    { once: true },
  );
  schedule();
}

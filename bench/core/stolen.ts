import { readFileSync } from "node:fs";

/** `/proc/stat` counts in hundredths of a second, whatever the kernel's own tick. */
const ticksPerSecond = 100;

/** CPU time that the host of this machine gave to others since it started, in seconds over all cores: `steal` of proc_stat(5). */
export const stolenSeconds = (): number => stolenIn(readFileSync("/proc/stat", "utf8"));

/** The same, from the text of the file; 0 where the kernel counts none. */
export function stolenIn(stat: string): number {
  // cpu user nice system idle iowait irq softirq steal …
  const [, , , , , , , , steal = "0"] = stat.split(/\s+/, 9);
  return Number(steal) / ticksPerSecond;
}

/** Where more of a core's time than this was taken away, figures say more of the host than of what was measured. */
export const tolerableShare = 0.1;

/** What comes of an act, and the share of a core's time that the host gave to others meanwhile; it is above 1 where several were taken. */
export async function withStolenShare<T>(
  act: () => Promise<T>,
  stolen: () => number = stolenSeconds,
): Promise<{ readonly result: T; readonly share: number }> {
  const [startMs, before] = [performance.now(), stolen()];
  const result = await act();
  return { result, share: ((stolen() - before) * 1_000) / (performance.now() - startMs) };
}

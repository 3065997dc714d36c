import { errorCode } from "@cocoonstack/common/k8s";

/** EPIPE where a pipe's reader has left, as head does; EIO where the terminal is gone. */
const isReaderGone = (error: unknown): boolean => ["EPIPE", "EIO"].includes(errorCode(error) ?? "");

/**
 * What becomes of output that nobody takes, for every command. That whoever reads has seen enough is no failure, so the exit code
 * stays what it would have been. Anything else, such as a full disk, is said once, and ends in exit code 1: half a result must not
 * look like one.
 */
export function tolerateClosedOutput(program: string): void {
  const failures = new Set<string>();
  for (const [name, stream] of [
    ["standard output", process.stdout],
    ["standard error", process.stderr],
  ] as const) {
    stream.on("error", (error) => {
      if (isReaderGone(error) || failures.has(name)) return;
      failures.add(name);
      if (stream === process.stdout) {
        const why = errorCode(error) ?? String(error);
        process.stderr.write(`${program}: ${name} cannot be written (${why}): write it to another place\n`);
      }
      // A command sets its own code when it is done, which may be later than this.
      process.once("exit", () => (process.exitCode = 1));
    });
  }
}

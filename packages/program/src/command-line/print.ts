import { errorCode } from "@cocoonstack/common/k8s";

/** Writes to standard output. That whoever reads it has seen enough, as `head` has, is no failure. */
export function print(text: string): void {
  process.stdout.on("error", (error) => {
    if (errorCode(error) !== "EPIPE") throw error;
  });
  process.stdout.write(text);
}

/** Tells people how it goes, on standard error: standard output is for results alone. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

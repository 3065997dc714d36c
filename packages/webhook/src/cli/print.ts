import { errorCode } from "@cocoonstack/common/k8s";

/** Writes to standard output. That whoever reads it has seen enough, as `head` has, is no failure. */
export function print(text: string): void {
  process.stdout.on("error", (error) => {
    if (errorCode(error) !== "EPIPE") throw error;
  });
  process.stdout.write(text);
}

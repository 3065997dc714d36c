/** What ends a program that has to tidy up behind itself. */
export interface ReasonsToStop {
  readonly signal: AbortSignal;
  /** Ends it for another reason. */
  readonly stop: () => void;
  /**
   * To be called after the tidying up.
   *
   * @throws what nobody caught meanwhile.
   */
  readonly end: () => void;
}

/**
 * Ends a program in order at Ctrl-C, SIGTERM, the end of its terminal, the end of whoever reads its output, and at an error that
 * nobody caught. A second signal changes nothing: terminal, npm and tsx may each pass a Ctrl-C on.
 */
export function reasonsToStop(): ReasonsToStop {
  const controller = new AbortController();
  const uncaught: unknown[] = [];
  const stop = (): void => {
    controller.abort();
  };
  const onError = (error: unknown): void => {
    uncaught.push(error);
    stop();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  process.on("uncaughtException", onError);
  for (const stream of [process.stdout, process.stderr]) {
    // Nobody sees what is decided any more; `runProgram` tells what is more than that.
    stream.on("error", stop);
  }
  return {
    signal: controller.signal,
    stop,
    end: () => {
      process.off("uncaughtException", onError);
      if (uncaught.length > 0) throw uncaught[0];
    },
  };
}

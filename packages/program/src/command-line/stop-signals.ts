import type { Logger } from "@cocoonstack/common/log";

/** The two ways to be told to stop. */
export interface StopSignals {
  /** Stop, with the drain sequence. */
  readonly stop: AbortSignal;
  /** Stop without waiting for clients to leave: a person at a terminal waits for it. */
  readonly hurry: AbortSignal;
}

/**
 * SIGTERM, which is how Kubernetes ends a pod, begins the drain sequence; SIGINT, Ctrl-C, skips its waits for clients, and
 * so does a second signal of either kind.
 */
export function stopSignals(log: Logger): StopSignals {
  const stop = new AbortController();
  const hurry = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.on(name, () => {
      log.info({ signal: name }, "told to stop");
      if (name === "SIGINT" || stop.signal.aborted) hurry.abort();
      stop.abort();
    });
  }
  return { stop: stop.signal, hurry: hurry.signal };
}

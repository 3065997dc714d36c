import { RegistryError } from "./protocol/index.js";
import type { CallOptions } from "./registry.js";

/** The end of a call: by its time, by its caller, or by the client that is being closed. */
export interface Deadline {
  /** Aborted at the end, with a {@link RegistryError} as its reason. */
  readonly signal: AbortSignal;
  /** What is left, in milliseconds. */
  leftMs(): number;
  /** Settles as `promise`, or rejects at the end, for what does not look at the signal itself. */
  race<T>(promise: Promise<T>): Promise<T>;
  /** Ends it now. */
  end(reason: RegistryError): void;
  /** Removes timer and listeners. */
  stop(): void;
}

/**
 * Starts the clock of a call.
 *
 * @param what the call, for messages
 */
export function startDeadline(what: string, timeoutMs: number, caller?: CallOptions["signal"]): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const endMs = performance.now() + timeoutMs;
  const timer = setTimeout(() => {
    controller.abort(new RegistryError("timeout", `${what}: the registry took longer than ${timeoutMs} ms`));
  }, timeoutMs);
  const onAbort = (): void => {
    controller.abort(new RegistryError("aborted", `${what}: aborted`, { cause: caller?.reason }));
  };
  if (caller?.aborted === true) onAbort();
  else caller?.addEventListener("abort", onAbort, { once: true });
  // One promise for all races: each adds a listener to a promise that goes with the call.
  const ended = new Promise<never>((_resolve, reject) => {
    const onEnd = (): void => {
      reject(signal.reason as RegistryError);
    };
    if (signal.aborted) onEnd();
    else signal.addEventListener("abort", onEnd, { once: true });
  });
  ended.catch(() => undefined);
  return {
    signal,
    leftMs: () => endMs - performance.now(),
    race: (promise) => Promise.race([promise, ended]),
    end: (reason) => {
      controller.abort(reason);
    },
    stop: () => {
      clearTimeout(timer);
      caller?.removeEventListener("abort", onAbort);
    },
  };
}

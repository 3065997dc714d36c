import { RequestError } from "./request-error.js";

/** The end of a request: by its deadline or by its caller, whichever comes first. */
export interface Deadline {
  /** Aborted at the end, with the {@link RequestError} that says which it was as its reason. */
  readonly signal: AbortSignal;
  /** Settles as `promise`, or rejects at the end. */
  race<T>(promise: Promise<T>): Promise<T>;
  /** Stops the clock; the caller, and {@link end}, can still end it. */
  lift(): void;
  /** Ends it now. */
  end(reason: RequestError): void;
  /** Removes timer and listeners. */
  stop(): void;
}

/** Starts the clock of one request. `AbortSignal.any` would do the same, but keeps memory as long as the caller's signal lives. */
export function startDeadline(what: string, timeoutMs: number, callerSignal?: AbortSignal): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const onTimeout = (): void => {
    controller.abort(new RequestError("timeout", `${what}: no answer within ${timeoutMs} ms`));
  };
  const onAbort = (): void => {
    controller.abort(new RequestError("aborted", `${what}: aborted`, { cause: callerSignal?.reason }));
  };
  const timer = setTimeout(onTimeout, timeoutMs);
  if (callerSignal?.aborted === true) onAbort();
  else callerSignal?.addEventListener("abort", onAbort, { once: true });
  return {
    signal,
    async race(promise) {
      let onEnd: (() => void) | undefined;
      const end = new Promise<never>((_resolve, reject) => {
        onEnd = () => {
          reject(signal.reason as RequestError);
        };
        if (signal.aborted) onEnd();
        else signal.addEventListener("abort", onEnd, { once: true });
      });
      try {
        return await Promise.race([promise, end]);
      } finally {
        if (onEnd !== undefined) signal.removeEventListener("abort", onEnd);
      }
    },
    lift: () => {
      clearTimeout(timer);
    },
    end: (reason) => {
      controller.abort(reason);
    },
    stop: () => {
      clearTimeout(timer);
      callerSignal?.removeEventListener("abort", onAbort);
    },
  };
}

import { errorCode } from "../internal/index.js";

/**
 * A server could not listen; the message names the server and the address, and says what to do.
 *
 * @example
 * ```ts
 * const faults: unknown[] = error instanceof AggregateError ? error.errors : [];
 * const isTaken = faults.some((fault) => fault instanceof ListenError);
 * ```
 */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

const faults: Readonly<Record<string, string>> = {
  EADDRINUSE: "is already in use: stop the other process or choose another address",
  EACCES: "is not permitted: ports below 1024 need a privilege, choose a higher one",
  EADDRNOTAVAIL: "does not belong to this machine",
  ENOTFOUND: "has a host name that does not resolve",
};

/** What to tell people when `server` could not listen at `address`. */
export function listenFault(server: string, address: string, cause: Error): ListenError {
  const fault = faults[errorCode(cause) ?? ""] ?? `cannot be used (${cause.message})`;
  return new ListenError(`${server}: listen address ${address} ${fault}`, { cause });
}

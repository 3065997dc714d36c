import { setTimeout as delay } from "node:timers/promises";
import type { HttpServer, Phase } from "./http-server.js";
import type { ListenAddress } from "./listen-address.js";
import { ManagedServer } from "./managed-server.js";

/**
 * See {@link run}.
 *
 * @example
 * ```ts
 * const options: RunOptions = {
 *   signal,
 *   shutdownTimeoutMs: 10_000,
 *   onPhase: (phase) => { log.info({ phase }, "servers"); },
 * };
 * await run([webhook, metrics], options);
 * ```
 */
export interface RunOptions {
  /** Aborted to stop: connect it to SIGTERM and SIGINT. */
  readonly signal: AbortSignal;
  /** How long requests may take to finish once servers are `closing`; what is left then is cut off. */
  readonly shutdownTimeoutMs: number;
  /**
   * How long servers stay `draining` before: the time until every client knows that they are going.
   * @default 0
   */
  readonly drainDelayMs?: number;
  /** Aborted to cut the waits for clients short: by a person at a terminal, who is the only client and knows. */
  readonly hurry?: AbortSignal;
  /** Called once, when all servers listen, with their real addresses in the order of the servers. */
  readonly onReady?: (addresses: readonly ListenAddress[]) => void;
  /** Called at the start of `draining` and of `closing`, if the servers have listened at all. */
  readonly onPhase?: (phase: Phase) => void;
}

/**
 * Runs servers together until `signal` is aborted, and resolves when all are closed:
 *
 * 1. `serving`: all listen. If one cannot, or fails later, all are closed, without the delay.
 * 2. `draining`, for `drainDelayMs` after the signal: everything is served as before, so that clients which still find this
 *    server are not turned away, but each answer carries `Connection: close`, so that kept connections end by their
 *    client's hand. (A server that just closes a kept connection may cut the request that is arriving on it, and Go's HTTP
 *    client does not repeat a POST.)
 * 3. `closing`, for at most `shutdownTimeoutMs`: late requests get 503 with `Retry-After: 1` and `Connection: close`, requests
 *    being answered are finished, and idle connections are left to their clients for the `idleGraceMs` of their server;
 *    what is idle then is closed, with the listeners. At the deadline everything is cut off.
 *
 * A connection that nobody used since the signal is closed only at the end of that grace, and a server without connections
 * does not wait for it. With `idleGraceMs` and `shutdownTimeoutMs` above the time for which clients keep idle connections (90 s
 * for Go and so for API servers), every connection is closed by its client, and no request can be cut.
 *
 * @throws {AggregateError} of everything that went wrong: a server that could not listen or failed later, a callback that
 * threw, requests that were cut off. By then, too, everything is closed.
 * @throws {TypeError} before anything starts, when a server was not made by {@link newServer}.
 *
 * @example
 * ```ts
 * const stop = new AbortController();
 * process.once("SIGTERM", () => { stop.abort(); });
 * await run([webhook, metrics], { signal: stop.signal, drainDelayMs: 5_000, shutdownTimeoutMs: 10_000 });
 * ```
 */
export async function run(servers: readonly HttpServer[], options: RunOptions): Promise<void> {
  const managed = servers.map(managedServer);
  const errors: unknown[] = [];
  const failure = new AbortController();
  let ready = false;
  const fail = (error: unknown): void => {
    errors.push(error);
    failure.abort();
  };
  const attempt = (callback: () => void): void => {
    try {
      callback();
    } catch (error) {
      fail(error);
    }
  };
  const enter = (phase: Phase): void => {
    for (const server of managed) server.enter(phase);
    if (ready) attempt(() => options.onPhase?.(phase));
  };

  if (!options.signal.aborted) {
    const addresses = await startAll(managed, fail);
    ready = errors.length === 0;
    if (ready) attempt(() => options.onReady?.(addresses));
    await firstAbort(options.signal, failure.signal);
  }
  if (ready && errors.length === 0 && options.hurry?.aborted !== true) {
    enter("draining");
    await drainDelay(options, failure.signal);
  }
  enter("closing");
  // After a failure there is nothing to be polite for.
  const hurry = errors.length === 0 ? options.hurry : AbortSignal.abort();
  errors.push(...(await closeAll(managed, options.shutdownTimeoutMs, hurry)));
  if (errors.length > 0) throw joined(errors);
}

/** Waits for clients to leave, or for a reason not to wait any longer. */
async function drainDelay({ drainDelayMs = 0, hurry }: RunOptions, failed: AbortSignal): Promise<void> {
  const signal = AbortSignal.any(hurry === undefined ? [failed] : [failed, hurry]);
  await delay(drainDelayMs, undefined, { signal }).catch(() => undefined);
}

/** Closes all servers, and gives what went wrong with that. */
async function closeAll(
  servers: readonly ManagedServer[],
  timeoutMs: number,
  hurry: AbortSignal | undefined,
): Promise<readonly unknown[]> {
  const results = await Promise.allSettled(servers.map((server) => server.close(timeoutMs, hurry)));
  return results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
}

async function startAll(
  servers: readonly ManagedServer[],
  fail: (error: unknown) => void,
): Promise<readonly ListenAddress[]> {
  const started = await Promise.allSettled(
    servers.map(async (server) => {
      const address = await server.listen();
      server.onError(fail);
      return address;
    }),
  );
  return started.flatMap((result) => {
    if (result.status === "fulfilled") return [result.value];
    fail(result.reason);
    return [];
  });
}

function firstAbort(...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const signal of signals) signal.removeEventListener("abort", done);
      resolve();
    };
    for (const signal of signals) signal.addEventListener("abort", done);
    if (signals.some((signal) => signal.aborted)) done();
  });
}

function managedServer(server: HttpServer): ManagedServer {
  if (server instanceof ManagedServer) return server;
  throw new TypeError(`${server.name} was not made by newServer`);
}

function joined(errors: readonly unknown[]): AggregateError {
  const messages = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  return new AggregateError(errors, messages.join("; "));
}

import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { loadCores, onCores } from "./cores.js";

/** A load to put on a server. */
export interface LoadOptions {
  readonly url: string;
  /** The request's body, which is sent by POST as `application/json`. */
  readonly bodyFile: string;
  /** How many connections have a request under way at any time. */
  readonly connections: number;
  /** Whole seconds, which is all that wrk knows. */
  readonly durationS: number;
  /** Whether each request has a connection of its own. @default false */
  readonly newConnections?: boolean;
  /** How long a connection waits before a request, on average. @default 0 */
  readonly pauseMs?: number;
}

/** What came of it. */
export interface LoadResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
}

const run = promisify(execFile);
const script = path.join(import.meta.dirname, "wrk.lua");

/** Nothing was answered, and nothing went wrong: the machine did something else all the time. */
export class UnansweredError extends Error {
  override readonly name = "UnansweredError";
}

/**
 * Puts a load on a server with wrk, from other cores than the server's.
 *
 * @throws {Error} where wrk is missing, or where a request was refused or lost: what was not answered was not measured.
 * @throws {UnansweredError} where there was no answer at all within the time.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { url, bodyFile, connections, durationS, newConnections = false, pauseMs = 0 } = options;
  const wrk = ["wrk", "-t1", `-c${connections}`, `-d${durationS}s`, "--timeout", "30s", "-s", script, url];
  const [command, ...args] = onCores(loadCores, wrk);
  const { stdout } = await run(command, args, {
    env: {
      PATH: process.env["PATH"],
      LD_LIBRARY_PATH: process.env["LD_LIBRARY_PATH"],
      BODY_FILE: bodyFile,
      NEW_CONNECTIONS: String(newConnections),
      PAUSE_MS: String(pauseMs),
    },
  });
  return readResult(url, stdout);
}

type Counts = Readonly<
  Record<"requests" | "durationUs" | "p50Us" | "p99Us" | "p999Us" | "socketErrors" | "refused", number>
>;

function readResult(url: string, stdout: string): LoadResult {
  const line = stdout.split("\n").find((text) => text.startsWith("{"));
  if (line === undefined) throw new Error(`wrk printed no result for ${url}: ${stdout}`);
  const counts = JSON.parse(line) as Counts;
  const lost = counts.socketErrors + counts.refused;
  if (lost > 0) {
    throw new Error(
      `${url}: of ${counts.requests} requests, ${counts.refused} were answered with an error and ` +
        `${counts.socketErrors} were lost, so nothing can be said about its speed`,
    );
  }
  if (counts.requests === 0) {
    throw new UnansweredError(
      `${url}: no request was answered within ${(counts.durationUs / 1e6).toFixed(1)} s, and none failed: is the machine busy with something else?`,
    );
  }
  return {
    requests: counts.requests,
    requestsPerSecond: counts.requests / (counts.durationUs / 1e6),
    p50Ms: counts.p50Us / 1000,
    p99Ms: counts.p99Us / 1000,
    p999Ms: counts.p999Us / 1000,
  };
}

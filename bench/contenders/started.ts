import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onCores, serverCore } from "../core/cores.js";

/** A process to start. */
export interface StartOptions {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** The port that tells that it is there. */
  readonly port: number;
  /** For its output: a file, as wherever somebody keeps a log. */
  readonly folder: string;
  /** @default the server's */
  readonly cores?: string;
}

/** A process that listens. */
export interface Started extends AsyncDisposable {
  readonly pid: number;
}

const startTimeoutMs = 60_000;

/**
 * Starts a server and waits until it listens.
 *
 * @throws {Error} with what it printed, where it ends or does not listen in time
 */
export async function start(options: StartOptions): Promise<Started> {
  const { name, command, env = {}, port, folder, cores = serverCore } = options;
  const logFile = path.join(folder, `${name.replaceAll(/\W+/g, "-")}.log`);
  const log = openSync(logFile, "w");
  const [program, ...args] = onCores(cores, command);
  const child = spawn(program, args, {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  // However this process ends, it leaves no server behind.
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => {
      resolve(error.message);
    });
    child.once("exit", (code, signal) => {
      resolve(`it ended with ${signal ?? `code ${code ?? "unknown"}`}`);
    });
  });
  const stop = async (): Promise<void> => {
    // Not SIGTERM: the webhook goes on serving for a while then, as API servers need it to.
    child.kill("SIGINT");
    if ((await Promise.race([ended, sleep(10_000, undefined, { ref: false })])) === undefined)
      child.kill("SIGKILL");
    await ended;
    process.off("exit", kill);
  };

  const fault = await Promise.race([ended, untilListening(port)]);
  if (fault !== undefined || child.pid === undefined) {
    await stop();
    throw new Error(
      `${name} did not start: ${fault ?? "no process"}\n${readFileSync(logFile, "utf8").slice(-2000)}`,
    );
  }
  return { pid: child.pid, [Symbol.asyncDispose]: stop };
}

async function untilListening(port: number): Promise<string | undefined> {
  const deadlineMs = performance.now() + startTimeoutMs;
  while (performance.now() < deadlineMs) {
    if (await listens(port)) return undefined;
    await sleep(10);
  }
  return `nothing listened on port ${port} within ${startTimeoutMs / 1000} s`;
}

/** Whether somebody accepts connections there. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (accepted: boolean) => (): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once("connect", answer(true)).once("error", answer(false));
  });
}

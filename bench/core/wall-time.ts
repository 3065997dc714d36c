import { spawn } from "node:child_process";
import { onCores, serverCore } from "./cores.js";
import { pairedRatio, type Spread, spreadOf } from "./statistics.js";

/** A command, and when it has done what is waited for. */
export interface Timed {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Resolves when it has; without it, the end of the command counts, which must be a success. */
  readonly until?: () => Promise<void>;
}

/** How long a command took, in milliseconds and against the first command of all. */
export interface WallTime {
  readonly name: string;
  readonly ms: Spread;
  readonly ratio: Spread;
}

/** Runs commands in turns, as often each, and compares each with the first one. */
export async function wallTimes(commands: readonly Timed[], rounds: number): Promise<readonly WallTime[]> {
  const samples = commands.map(() => [] as number[]);
  // The first round fills the page cache, and counts for nobody.
  for (let round = -1; round < rounds; round++) {
    for (const [index, timed] of commands.entries()) {
      const elapsedMs = await runOnce(timed);
      if (round >= 0) samples[index]?.push(elapsedMs);
    }
  }
  const bases = samples[0] ?? [];
  return commands.map(({ name }, index) => {
    const own = samples[index] ?? [];
    return { name, ms: spreadOf(own), ratio: pairedRatio(own, bases) };
  });
}

async function runOnce({ name, command, env, until }: Timed): Promise<number> {
  const [program, ...args] = onCores(serverCore, command);
  const startMs = performance.now();
  const child = spawn(program, args, {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve(code ?? 1);
    });
  });
  if (until === undefined) {
    const code = await ended;
    if (code !== 0) throw new Error(`${name} ended with code ${code}: ${stderr}`);
    return performance.now() - startMs;
  }
  const failed = ended.then((code) => {
    throw new Error(`${name} ended with code ${code} before it was ready: ${stderr}`);
  });
  await Promise.race([until(), failed]);
  const elapsedMs = performance.now() - startMs;
  failed.catch(() => undefined);
  child.kill("SIGINT");
  await ended;
  return elapsedMs;
}

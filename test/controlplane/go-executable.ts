import path from "node:path";
import { build } from "./build.js";
import {
  cacheFolder,
  cacheKey,
  goVersion,
  missingFiles,
  whyGoCannotBuild,
  type GoTools,
} from "./go-tools.js";
import type { ProgressStream } from "./progress.js";

/** A program of which tests need one executable. */
export interface GoExecutable {
  /** What Go calls the executable, and where the cache has it. */
  readonly name: string;
  /** The environment variable that may name one instead. */
  readonly variable: string;
  /** What that has to be, such as `a registry of CNCF distribution`. */
  readonly what: string;
  readonly tools: Omit<GoTools, "executables">;
}

/** The path of an executable, or why there is none and what to do about it, each in one sentence without a full stop. */
export type ExecutableResult =
  | { readonly available: true; readonly executable: string }
  | { readonly available: false; readonly reason: string; readonly wayOut: string };

/** Where to look. */
export interface ExecutableOptions {
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** Where a build shows its progress. @default process.stderr */
  readonly progress?: ProgressStream;
  /** Stops a build. */
  readonly signal?: AbortSignal;
}

/**
 * An executable: the one that its variable names, else one that is built from a Go module and kept in the user's cache, beside the
 * control plane's.
 *
 * @throws {BuildError} when the build fails.
 * @throws the signal's reason when it is aborted during a build.
 */
export async function ensureExecutable(
  { name, variable, what, ...program }: GoExecutable,
  options: ExecutableOptions = {},
): Promise<ExecutableResult> {
  const { env = process.env, progress = process.stderr, signal } = options;
  const named = env[variable] ?? "";
  if (named !== "") return { available: true, executable: path.resolve(named) };
  const tools = { ...program.tools, executables: { [name]: name } };
  const target = cacheFolder(env, name, await cacheKey(tools));
  if ((await missingFiles(target, [name])).length > 0) {
    const reason = await whyGoCannotBuild(tools, env);
    if (reason !== undefined) {
      const wayOut = `install Go ${await goVersion(tools)} or later, or set ${variable} to ${what}`;
      return { available: false, reason, wayOut };
    }
    await build({ tools, target, progress, env, signal });
  }
  return { available: true, executable: path.join(target, name) };
}

import path from "node:path";
import { build } from "../controlplane/build.js";
import {
  cacheFolder,
  cacheKey,
  goVersion,
  missingFiles,
  whyGoCannotBuild,
  type GoTools,
} from "../controlplane/go-tools.js";
import type { ProgressStream } from "../controlplane/progress.js";

/** The path of the executable, or why there is none and what to do about it, each in one sentence without a full stop. */
export type RegistryResult =
  | { readonly available: true; readonly executable: string }
  | { readonly available: false; readonly reason: string; readonly wayOut: string };

const version = "v3.1.2";

const tools: GoTools = {
  name: `CNCF distribution ${version}`,
  title: `CNCF distribution ${version}, an OCI registry,`,
  duration: "about 3 minutes from nothing",
  version,
  moduleFolder: path.join(import.meta.dirname, "module"),
  linkerFlags: `-s -w -X github.com/distribution/distribution/v3/version.version=${version}`,
  executables: { registry: "registry" },
};

/** Where to look. */
export interface RegistryOptions {
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** Where a build shows its progress. @default process.stderr */
  readonly progress?: ProgressStream;
  /** Stops a build. */
  readonly signal?: AbortSignal;
}

/**
 * The executable of a real registry: what `REGISTRY_EXECUTABLE` names, else one that is built from Go modules and kept in the
 * user's cache, beside the control plane's executables.
 *
 * @throws {BuildError} when the build fails.
 * @throws the signal's reason when it is aborted during a build.
 */
export async function ensureRegistry(options: RegistryOptions = {}): Promise<RegistryResult> {
  const { env = process.env, progress = process.stderr, signal } = options;
  const named = env["REGISTRY_EXECUTABLE"] ?? "";
  if (named !== "") return { available: true, executable: path.resolve(named) };
  const target = cacheFolder(env, "registry", await cacheKey(tools));
  if ((await missingFiles(target, ["registry"])).length > 0) {
    const reason = await whyGoCannotBuild(tools, env);
    if (reason !== undefined) {
      const wayOut = `install Go ${await goVersion(tools)} or later, or set REGISTRY_EXECUTABLE to a registry of CNCF distribution`;
      return { available: false, reason, wayOut };
    }
    await build({ tools, target, progress, env, signal });
  }
  return { available: true, executable: path.join(target, "registry") };
}

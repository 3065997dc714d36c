import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "./build.js";
import { requestedMinor } from "./kubernetes-option.js";
import { defaultMinor, releases, type KubernetesMinor, type KubernetesRelease } from "./kubernetes.js";
import { isErrno } from "./process.js";
import type { ProgressStream } from "./progress.js";

/** The executables of a control plane, as absolute paths. */
export interface Assets {
  readonly folder: string;
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly kubectl: string;
  /** Undefined when `KUBEBUILDER_ASSETS` names a folder without it, as those of envtest are. */
  readonly kubeControllerManager: string | undefined;
}

/** The executables, or why there are none and what to do about it, each in one sentence without a full stop. */
export type AssetsResult =
  | { readonly available: true; readonly assets: Assets }
  | { readonly available: false; readonly reason: string; readonly wayOut: string };

/** Where to look. */
export interface AssetsOptions {
  /** The Kubernetes version to build. @default what `COCOON_KUBERNETES` in `env` says, or "1.35" */
  readonly kubernetes?: KubernetesMinor | undefined;
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** Where a build shows its progress. @default process.stderr */
  readonly progress?: ProgressStream;
  /** Stops a build. */
  readonly signal?: AbortSignal;
}

/** A folder that does not hold what it should. */
export class AssetsError extends Error {
  override readonly name = "AssetsError";
}

const required = ["etcd", "kube-apiserver", "kubectl"] as const;
const optional = "kube-controller-manager";

/**
 * Finds the executables: in the folder that `KUBEBUILDER_ASSETS` names, or in a cache folder, which is built from Go modules when
 * it is not there yet.
 *
 * @returns `available: false` when there is no such folder and no Go to build one.
 * @throws {AssetsError} when `KUBEBUILDER_ASSETS` is set to a folder that lacks a file.
 * @throws {KubernetesVersionError} when somebody asks for a version that cannot be built, or for one and `KUBEBUILDER_ASSETS` is set.
 * @throws {BuildError} when the build fails.
 * @throws the signal's reason when it is aborted during a build.
 */
export async function ensureAssets(options: AssetsOptions = {}): Promise<AssetsResult> {
  const { env = process.env, progress = process.stderr, signal } = options;
  const requested = requestedMinor(options.kubernetes, env);
  const named = env["KUBEBUILDER_ASSETS"] ?? "";
  if (named !== "") return { available: true, assets: await namedAssets(path.resolve(named)) };

  const release = releases[requested ?? defaultMinor];
  const target = cacheFolder(env, await cacheKey(release));
  if ((await missingFiles(target)).length > 0) {
    const reason = await whyGoCannotBuild(release, env);
    if (reason !== undefined) {
      const installGo = `install Go ${await goVersion(release)} or later`;
      // A folder of executables answers no wish for a version.
      const wayOut = requested === undefined ? `${installGo}, or ${nameAssets}` : installGo;
      return { available: false, reason, wayOut };
    }
    // A build puts the folder there complete; one that has lost a file since would stand in the way of the rename.
    await rm(target, { recursive: true, force: true });
    await build({ release, target, progress, env, signal });
  }
  return { available: true, assets: assetsIn(target, true) };
}

const nameAssets = "set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kubectl";

async function namedAssets(folder: string): Promise<Assets> {
  const missing = await missingFiles(folder);
  const lacking = required.filter((name) => missing.includes(name));
  if (lacking.length > 0) {
    throw new AssetsError(
      `KUBEBUILDER_ASSETS is set to ${folder}, where these executables are missing: ${lacking.join(", ")}. ` +
        "Name a folder that holds etcd, kube-apiserver and kubectl, or unset it to have them built with Go.",
    );
  }
  return assetsIn(folder, !missing.includes(optional));
}

/** The names of those files that are not in the folder, or not executable. */
async function missingFiles(folder: string): Promise<string[]> {
  const missing = await Promise.all(
    [...required, optional].map((name) =>
      access(path.join(folder, name), constants.X_OK).then(
        () => [],
        () => [name],
      ),
    ),
  );
  return missing.flat();
}

function assetsIn(folder: string, hasControllerManager: boolean): Assets {
  return {
    folder,
    etcd: path.join(folder, "etcd"),
    kubeApiserver: path.join(folder, "kube-apiserver"),
    kubectl: path.join(folder, "kubectl"),
    kubeControllerManager: hasControllerManager ? path.join(folder, optional) : undefined,
  };
}

/** Where built executables are kept: a folder of the user's cache, as the XDG base directory specification has it. */
export function cacheFolder(env: NodeJS.ProcessEnv, key: string): string {
  const xdg = env["XDG_CACHE_HOME"] ?? "";
  // The specification says that a relative path is invalid and to be ignored.
  const cache = path.isAbsolute(xdg) ? xdg : path.join(homedir(), ".cache");
  return path.join(cache, "cocoonstack", "controlplane", key);
}

/** Names what is built by what it is built from, such as `v1.35.4-1f2e3d4c5b6a-linux-x64`. */
export async function cacheKey({ version, moduleFolder }: KubernetesRelease): Promise<string> {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(await readFile(path.join(moduleFolder, file)));
  return [version, hash.digest("hex").slice(0, 12), process.platform, process.arch].join("-");
}

/** The oldest Go that builds the release, such as `1.25`: its module says so. */
async function goVersion({ moduleFolder }: KubernetesRelease): Promise<string> {
  const goMod = await readFile(path.join(moduleFolder, "go.mod"), "utf8");
  return /^go (\d+\.\d+)/m.exec(goMod)?.[1] ?? "";
}

async function whyGoCannotBuild(
  release: KubernetesRelease,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  try {
    // Asked in the module's folder, Go also says whether it is recent enough for the module.
    await promisify(execFile)("go", ["list", "-m"], { cwd: release.moduleFolder, env });
    return undefined;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return `there is no Go on PATH to build Kubernetes ${release.version} with`;
    const [line = String(error)] =
      error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n") : [];
    return `Go cannot build Kubernetes ${release.version} (${line})`;
  }
}

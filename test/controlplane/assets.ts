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
import { requestedMinor } from "./kubernetes-option.js";
import { defaultMinor, releases, type KubernetesMinor, type KubernetesRelease } from "./kubernetes.js";
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

  const tools = toolsOf(releases[requested ?? defaultMinor]);
  const target = cacheFolder(env, "controlplane", await cacheKey(tools));
  if ((await missingFiles(target, [...required, optional])).length > 0) {
    const reason = await whyGoCannotBuild(tools, env);
    if (reason !== undefined) {
      const installGo = `install Go ${await goVersion(tools)} or later`;
      // A folder of executables answers no wish for a version.
      const wayOut = requested === undefined ? `${installGo}, or ${nameAssets}` : installGo;
      return { available: false, reason, wayOut };
    }
    await build({ tools, target, progress, env, signal });
  }
  return { available: true, assets: assetsIn(target, true) };
}

const nameAssets = "set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kubectl";

async function namedAssets(folder: string): Promise<Assets> {
  const missing = await missingFiles(folder, [...required, optional]);
  const lacking = required.filter((name) => missing.includes(name));
  if (lacking.length > 0) {
    throw new AssetsError(
      `KUBEBUILDER_ASSETS is set to ${folder}, where these executables are missing: ${lacking.join(", ")}. ` +
        "Name a folder that holds etcd, kube-apiserver and kubectl, or unset it to have them built with Go.",
    );
  }
  return assetsIn(folder, !missing.includes(optional));
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

/** What is built for a release. */
function toolsOf({ version, moduleFolder }: KubernetesRelease): GoTools {
  return {
    name: `Kubernetes ${version}`,
    title: `Kubernetes ${version} and etcd`,
    duration: "about 6 to 10 minutes from nothing, half a minute with Go's build cache warm",
    version,
    moduleFolder,
    linkerFlags: linkerFlags(version),
    // Go calls etcd by the last element of its package path.
    executables: { server: "etcd", ...named("kube-apiserver", "kubectl", optional) },
  };
}

const named = (...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, name]));

/** Without symbols the executables are a third smaller; the version is what `/version` answers. */
function linkerFlags(version: string): string {
  const [major = "", minor = ""] = version.slice(1).split(".");
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor };
  return [
    "-s -w",
    ...Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`),
  ].join(" ");
}

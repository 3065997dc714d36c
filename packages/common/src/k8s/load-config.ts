import { access } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { ClusterConfig } from "./cluster-config.js";
import { ConfigError } from "./config-error.js";
import { inClusterConfig, serviceAccountFolder } from "./in-cluster.js";
import { kubeconfigConfig } from "./kubeconfig.js";

/**
 * Where {@link loadConfig} looks. The defaults are what a program wants; tests set them.
 *
 * @example
 * ```ts
 * const options: LoadConfigOptions = { context: "staging" };
 * const { namespace } = await loadConfig(options);
 * ```
 */
export interface LoadConfigOptions {
  /**
   * Context of the kubeconfig.
   * @default its current-context
   */
  readonly context?: string;
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * Folder that may hold `.kube/config`.
   * @default the user's
   */
  readonly homeFolder?: string;
  /** @default "/var/run/secrets/kubernetes.io/serviceaccount" */
  readonly serviceAccountFolder?: string;
  /**
   * How old the text of a token, certificate or CA file may get before it is read again.
   * @default 30_000
   */
  readonly reloadIntervalMs?: number;
}

/**
 * The configuration of the cluster that this process belongs to: the files of `KUBECONFIG`, else `~/.kube/config` if it
 * exists, else the pod's service account. A place that is there but unusable is an error, and the next one is not tried.
 *
 * @throws {ConfigError} when there is none of them (it says what was tried), or when one is unusable (it names the file).
 *
 * @example
 * ```ts
 * const connection = await connect(await loadConfig());
 * ```
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<ClusterConfig> {
  const env = options.env ?? process.env;
  const reloadIntervalMs = options.reloadIntervalMs ?? 30_000;
  const kubeconfig = (files: readonly string[]): Promise<ClusterConfig> =>
    kubeconfigConfig({ files, context: options.context, reloadIntervalMs });

  const listed = (env["KUBECONFIG"] ?? "").split(path.delimiter).filter((file) => file !== "");
  if (listed.length > 0) {
    return kubeconfig(listed).catch((error: unknown) => {
      throw withPrefix("KUBECONFIG: ", error);
    });
  }

  const homeFile = path.join(options.homeFolder ?? homedir(), ".kube", "config");
  if (await exists(homeFile)) return kubeconfig([homeFile]);

  const folder = options.serviceAccountFolder ?? serviceAccountFolder;
  return inClusterConfig({ env, folder, reloadIntervalMs }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(
      "no Kubernetes configuration: KUBECONFIG is not set; " +
        `${homeFile} does not exist; in-cluster: ${reason}. ` +
        "Set KUBECONFIG to a kubeconfig file, or run in a pod that has a service account token",
      { cause: error },
    );
  });
}

function withPrefix(prefix: string, error: unknown): unknown {
  return error instanceof ConfigError ? new ConfigError(prefix + error.message, { cause: error }) : error;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

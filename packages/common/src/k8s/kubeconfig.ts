import path from "node:path";
import { assembleConfig } from "./assemble-config.js";
import type { ClusterConfig } from "./cluster-config.js";
import { ConfigError } from "./config-error.js";
import { dataOrFile, readKubeconfigs, type Entry, type Kubeconfig } from "./kubeconfig-file.js";
import { identitiesOf } from "./kubeconfig-user.js";
import { textAt } from "./record.js";

/** What {@link kubeconfigConfig} reads, and how. */
export interface KubeconfigOptions {
  readonly files: readonly string[];
  /** Undefined: the current context. */
  readonly context: string | undefined;
  readonly reloadIntervalMs: number;
}

/**
 * The configuration that one context of the kubeconfig `files` describes.
 *
 * @throws {ConfigError} that names the files, when they are unusable.
 */
export async function kubeconfigConfig(options: KubeconfigOptions): Promise<ClusterConfig> {
  const files = options.files.join(path.delimiter);
  try {
    const kubeconfig = await readKubeconfigs(options.files);
    const { name, cluster, user, namespace } = resolveContext(kubeconfig, options.context, files);
    return assembleConfig({
      server: serverOf(cluster),
      source: `${files} (context ${name})`,
      context: name,
      namespace,
      verify: {
        serverName: textAt(cluster.fields, "tls-server-name"),
        skip: cluster.fields["insecure-skip-tls-verify"] === true,
      },
      ca: dataOrFile(cluster, "certificate-authority", options.reloadIntervalMs),
      identities: user === undefined ? [] : identitiesOf(user, cluster, options.reloadIntervalMs),
    });
  } catch (error) {
    throw error instanceof ConfigError ? error : new ConfigError(`${files} cannot be used`, { cause: error });
  }
}

function resolveContext(
  kubeconfig: Kubeconfig,
  wanted: string | undefined,
  files: string,
): { name: string; cluster: Entry; user: Entry | undefined; namespace: string | undefined } {
  const name = wanted ?? kubeconfig.currentContext;
  const known = [...kubeconfig.contexts.keys()].join(", ") || "none";
  if (name === undefined) {
    throw new ConfigError(
      `${files} has no current-context: choose one with 'kubectl config use-context' (it has: ${known})`,
    );
  }
  const context = kubeconfig.contexts.get(name);
  if (context === undefined) throw new ConfigError(`${files} has no context '${name}' (it has: ${known})`);
  const clusterName = textAt(context.fields, "cluster") ?? "";
  const userName = textAt(context.fields, "user");
  const cluster = kubeconfig.clusters.get(clusterName);
  const user = userName === undefined ? undefined : kubeconfig.users.get(userName);
  if (cluster === undefined) {
    throw new ConfigError(
      `${context.file}: context '${name}' names cluster '${clusterName}', which is not defined`,
    );
  }
  if (userName !== undefined && user === undefined) {
    throw new ConfigError(
      `${context.file}: context '${name}' names user '${userName}', which is not defined`,
    );
  }
  return { name, cluster, user, namespace: textAt(context.fields, "namespace") };
}

function serverOf(cluster: Entry): string {
  const server = textAt(cluster.fields, "server");
  const url = server !== undefined && URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError(`${cluster.file}: the cluster's server must be an http or https URL`);
  }
  if (textAt(cluster.fields, "proxy-url") !== undefined) {
    throw new ConfigError(`${cluster.file}: proxy-url is not supported: reach the API server directly`);
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}

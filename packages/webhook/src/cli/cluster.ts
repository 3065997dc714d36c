import { type ClusterConfig, type ClusterConnection, connect, loadConfig } from "@cocoonstack/common/k8s";
import { buildInfo } from "./build-info.js";

/**
 * The cluster of a kubeconfig, or where none is given, of the environment.
 *
 * @throws {ConfigError} when there is none, or it cannot be used.
 */
export function clusterOf(kubeconfig: string | undefined, context?: string): Promise<ClusterConfig> {
  const env = kubeconfig === undefined ? process.env : { ...process.env, KUBECONFIG: kubeconfig };
  return loadConfig({ env, ...(context === undefined ? {} : { context }) });
}

/**
 * Connections to a cluster, by the name of this program.
 *
 * @throws {ConfigError} when there are no usable credentials.
 */
export const connectTo = (cluster: ClusterConfig): Promise<ClusterConnection> =>
  connect(cluster, { userAgent: `cocoon-webhook/${buildInfo.version}` });

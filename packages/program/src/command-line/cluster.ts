import {
  type ClusterConfig,
  type ClusterConnection,
  connect,
  type ConnectOptions,
  loadConfig,
} from "@cocoonstack/common/k8s";
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
 * Connections to a cluster.
 *
 * @param program What the audit log of the cluster calls it.
 * @throws {ConfigError} when there are no usable credentials.
 */
export const connectTo = (
  cluster: ClusterConfig,
  program: string,
  options: ConnectOptions = {},
): Promise<ClusterConnection> =>
  connect(cluster, { ...options, userAgent: `${program}/${buildInfo.version}` });

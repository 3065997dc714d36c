import { isIPv6 } from "node:net";
import path from "node:path";
import { assembleConfig } from "./assemble-config.js";
import type { ClusterConfig } from "./cluster-config.js";
import { ConfigError } from "./config-error.js";
import { bearerToken } from "./identity.js";
import { fileText } from "./text-source.js";

/** Where Kubernetes mounts a pod's service account. */
export const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** What {@link inClusterConfig} looks at. */
export interface InClusterOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly reloadIntervalMs: number;
}

/**
 * The configuration of a pod: the address from the environment, token and CA from the service account's folder, both
 * re-read because the kubelet renews the token.
 *
 * @throws {ConfigError} that says what is missing.
 */
export async function inClusterConfig({
  env,
  folder,
  reloadIntervalMs,
}: InClusterOptions): Promise<ClusterConfig> {
  const host = env["KUBERNETES_SERVICE_HOST"];
  const port = env["KUBERNETES_SERVICE_PORT"];
  if (!host || !port)
    throw new ConfigError("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set");
  const token = fileText(path.join(folder, "token"), reloadIntervalMs);
  const ca = fileText(path.join(folder, "ca.crt"), reloadIntervalMs);
  const namespace = fileText(path.join(folder, "namespace"), reloadIntervalMs);
  // One after the other, so that a folder which is not there at all is always reported in the same way.
  await token.read();
  await ca.read();
  return assembleConfig({
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    source: "in-cluster",
    context: undefined,
    namespace: await namespace.read().then(
      (text) => text.trim(),
      () => undefined, // not needed to reach the server
    ),
    verify: { serverName: undefined, skip: false },
    ca,
    identities: [bearerToken(token)],
  });
}

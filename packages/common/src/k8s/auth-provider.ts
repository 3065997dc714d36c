import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { ConfigError } from "./config-error.js";
import type { Identity } from "./identity.js";
import { isRecord, type UnknownRecord } from "./record.js";

/** The library looks up the token's expiry each time; that often is enough. */
const maxAgeMs = 10_000;

/**
 * An auth provider of a kubeconfig (`users[].user.auth-provider`: `oidc`, and what remains of `gcp` and `azure`), which the
 * official client implements: it refreshes the token when that has expired.
 */
export function authProvider(provider: UnknownRecord): Identity {
  let headers: Promise<Record<string, string>> | undefined;
  let readAt = -Infinity;
  const kubeConfig = loadProvider(provider);
  kubeConfig.catch(() => undefined); // whoever asks first gets the error

  return {
    async current() {
      if (headers === undefined || performance.now() - readAt >= maxAgeMs) {
        readAt = performance.now();
        headers = kubeConfig.then(authorization);
      }
      return { headers: await headers };
    },
    forget: () => {
      headers = undefined;
    },
  };
}

async function loadProvider(provider: UnknownRecord): Promise<KubeConfig> {
  const client = await import("@kubernetes/client-node");
  const kubeConfig = new client.KubeConfig();
  kubeConfig.loadFromClusterAndUser(
    { name: "cluster", server: "https://cluster.invalid", skipTLSVerify: false },
    { name: "user", authProvider: provider },
  );
  return kubeConfig;
}

async function authorization(kubeConfig: KubeConfig): Promise<Record<string, string>> {
  const options: RequestOptions = {};
  try {
    await kubeConfig.applyToHTTPSOptions(options);
  } catch (cause) {
    throw new ConfigError("the kubeconfig's auth-provider gave no token: log in again", { cause });
  }
  const { headers } = options;
  const value = isRecord(headers) ? headers["Authorization"] : undefined;
  return typeof value === "string" ? { authorization: value } : {};
}

import { stringify } from "yaml";

/** The name of the one context, cluster and user in each kubeconfig, so that a person sees where a command goes. */
const contextName = "cocoon-test";

/** What a kubeconfig is made of. */
export interface KubeconfigOptions {
  /** The API server's address. */
  readonly url: string;
  /** The certificates to trust, PEM. */
  readonly ca: string;
  readonly token: string;
}

/** A kubeconfig (`v1`, `Config`) as YAML. It holds all it needs inline, so it can be copied anywhere. */
export function kubeconfigYaml({ url, ca, token }: KubeconfigOptions): string {
  const certificate = Buffer.from(ca).toString("base64");
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      "current-context": contextName,
      clusters: [{ name: contextName, cluster: { server: url, "certificate-authority-data": certificate } }],
      users: [{ name: contextName, user: { token } }],
      contexts: [
        { name: contextName, context: { cluster: contextName, user: contextName, namespace: "default" } },
      ],
    },
    { lineWidth: 0 },
  );
}

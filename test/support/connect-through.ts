import { mkdtemp, writeFile } from "node:fs/promises";
import path from "node:path";
import { connect, loadConfig, type ClusterConnection } from "@cocoonstack/common/k8s";
import type { ControlPlane } from "../controlplane/index.js";

/** A connection to the API server of `plane` as its admin, through something that stands before it. */
export async function connectThrough(
  plane: Pick<ControlPlane, "caFile" | "folder" | "token">,
  { url }: { readonly url: string },
): Promise<ClusterConnection> {
  const file = path.join(await mkdtemp(path.join(plane.folder, "through-")), "kubeconfig");
  const kubeconfig = {
    "current-context": "x",
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server: url, "certificate-authority": plane.caFile } }],
    users: [{ name: "u", user: { token: plane.token("admin") } }],
  };
  await writeFile(file, JSON.stringify(kubeconfig), { mode: 0o600 });
  return connect(await loadConfig({ env: { KUBECONFIG: file } }));
}

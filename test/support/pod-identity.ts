import { mkdtemp, writeFile } from "node:fs/promises";
import path from "node:path";
import type { ControlPlane } from "../controlplane/index.js";
import { kubeconfigYaml } from "../controlplane/kubeconfig.js";
import { deploymentOf } from "./container.js";
import { must } from "./registered-webhook.js";
import type { KubernetesObject } from "./rendered.js";

/**
 * What kubelet gives the pods of a Deployment to be known by: a token of their service account that the API server issues. Gives the
 * path of a kubeconfig, in the control plane's folder.
 */
export async function podIdentity(
  plane: ControlPlane,
  objects: readonly KubernetesObject[],
  deployment: string,
): Promise<string> {
  const { metadata, spec } = deploymentOf(objects, deployment);
  const { namespace = "" } = metadata;
  const { serviceAccountName } = spec.template.spec;
  const token = await must(plane.kubectl(["-n", namespace, "create", "token", serviceAccountName]));
  const kubeconfig = path.join(await mkdtemp(path.join(plane.folder, "pod-")), "kubeconfig");
  const { url, ca } = plane.parts;
  await writeFile(kubeconfig, kubeconfigYaml({ url, ca, token: token.trim() }), { mode: 0o600 });
  return kubeconfig;
}

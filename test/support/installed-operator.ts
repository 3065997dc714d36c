import type { ControlPlane } from "../controlplane/index.js";
import { containerOf, deploymentOf, environmentOf } from "./container.js";
import { untilBound } from "./grant-operator.js";
import { OperatorProcess } from "./operator-process.js";
import { podIdentity } from "./pod-identity.js";
import { must } from "./registered-webhook.js";
import type { KubernetesObject } from "./rendered.js";

const name = "cocoon-operator";

/**
 * Does for the operator of a kustomization that is applied what a node would do: runs the container's arguments with its environment, as
 * its service account, with a token that the API server issues. Waits until it listens.
 *
 * @throws where the ConfigMap with its registry is missing, for which kubelet would wait.
 */
export async function startInstalledOperator(
  plane: ControlPlane,
  objects: readonly KubernetesObject[],
): Promise<OperatorProcess> {
  const { args, envFrom = [] } = containerOf(objects, name);
  const [command, ...rest] = args;
  if (command !== "serve") throw new Error(`the container does not serve: ${String(command)}`);
  const { namespace = "" } = deploymentOf(objects, name).metadata;
  const maps = await Promise.all(
    envFrom.map(({ configMapRef }) => configMapData(plane, namespace, configMapRef.name)),
  );
  const fromMaps = Object.fromEntries(maps.flatMap((map) => Object.entries(map)));
  const kubeconfig = await podIdentity(plane, objects, name);
  await untilBound(plane, namespace);
  const env = { ...fromMaps, ...environmentOf(objects, name), KUBECONFIG: kubeconfig };
  return OperatorProcess.start({ plane, args: rest, env });
}

async function configMapData(
  plane: ControlPlane,
  namespace: string,
  configMap: string,
): Promise<Readonly<Record<string, string>>> {
  const json = await must(plane.kubectl(["-n", namespace, "get", "configmap", configMap, "-o", "json"]));
  return (JSON.parse(json) as { readonly data: Readonly<Record<string, string>> }).data;
}

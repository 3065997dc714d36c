import path from "node:path";
import { parseAllDocuments } from "yaml";
import type { ControlPlane } from "../controlplane/index.js";
import { must } from "./registered-webhook.js";

const repository = path.resolve(import.meta.dirname, "../..");

/** An object of the Kubernetes API, of whatever kind. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** What a kustomization gives. */
export interface Rendered {
  readonly yaml: string;
  readonly objects: readonly KubernetesObject[];
}

/** Builds a kustomization; `folder` is a path from the root of the repository. */
export async function render(plane: Pick<ControlPlane, "kubectl">, folder: string): Promise<Rendered> {
  const yaml = await must(plane.kubectl(["kustomize", path.join(repository, folder)]));
  return { yaml, objects: parseAllDocuments(yaml).map((document) => document.toJS() as KubernetesObject) };
}

/** Objects in an order of their own. */
export const comparable = (objects: readonly KubernetesObject[]): readonly KubernetesObject[] =>
  objects.toSorted((a, b) => (`${a.kind} ${a.metadata.name}` < `${b.kind} ${b.metadata.name}` ? -1 : 1));

/**
 * The one object of that kind and name: the webhook's, unless another name is given.
 *
 * @throws when there is none, or more than one
 */
export function find(
  objects: readonly KubernetesObject[],
  kind: string,
  name = "cocoon-webhook",
): KubernetesObject {
  const found = objects.filter((object) => object.kind === kind && object.metadata.name === name);
  const [object] = found;
  if (object === undefined || found.length > 1) throw new Error(`there are ${found.length} ${kind} ${name}`);
  return object;
}

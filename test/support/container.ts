import { find, type KubernetesObject } from "./rendered.js";

/** What a kubelet would run, as far as tests look at it. */
export interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly EnvVar[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } };
}

/** A Deployment, as far as tests look at it. */
interface Deployment extends KubernetesObject {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly serviceAccountName: string;
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly Container[];
        readonly topologySpreadConstraints: readonly { readonly labelSelector: object }[];
      };
    };
  };
}

/** A Deployment by its name: the webhook's, unless another one is named. */
export const deploymentOf = (objects: readonly KubernetesObject[], name?: string): Deployment =>
  find(objects, "Deployment", name) as Deployment;

/**
 * The container of a Deployment.
 *
 * @throws when the Deployment has another number of containers than one
 */
export function containerOf(objects: readonly KubernetesObject[], name?: string): Container {
  const { containers } = deploymentOf(objects, name).spec.template.spec;
  const [container] = containers;
  if (container === undefined || containers.length > 1) throw new Error("not one container");
  return container;
}

/**
 * The environment that a kubelet would give the container, besides what comes from ConfigMaps: a value sees only the variables before
 * it.
 */
export function environmentOf(
  objects: readonly KubernetesObject[],
  name?: string,
): Readonly<Record<string, string>> {
  const { namespace = "" } = deploymentOf(objects, name).metadata;
  const env: Record<string, string> = {};
  for (const { name: variable, value = "", valueFrom } of containerOf(objects, name).env) {
    if (valueFrom !== undefined && valueFrom.fieldRef.fieldPath !== "metadata.namespace") {
      throw new Error(`${variable} comes from a field that this test does not know`);
    }
    env[variable] =
      valueFrom === undefined
        ? value.replace(/\$\(([^)]+)\)/g, (reference, known: string) => env[known] ?? reference)
        : namespace;
  }
  return env;
}

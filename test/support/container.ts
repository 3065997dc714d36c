import { find, type KubernetesObject } from "./rendered.js";

/** What a kubelet would run, as far as tests look at it. */
export interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly EnvVar[];
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

/** The webhook's Deployment. */
export const deploymentOf = (objects: readonly KubernetesObject[]): Deployment =>
  find(objects, "Deployment") as Deployment;

/**
 * The webhook's container.
 *
 * @throws when the Deployment has another number of containers than one
 */
export function containerOf(objects: readonly KubernetesObject[]): Container {
  const { containers } = deploymentOf(objects).spec.template.spec;
  const [container] = containers;
  if (container === undefined || containers.length > 1) throw new Error("not one container");
  return container;
}

/** The environment that a kubelet would give the container: a value sees only the variables before it. */
export function environmentOf(objects: readonly KubernetesObject[]): Readonly<Record<string, string>> {
  const { namespace = "" } = deploymentOf(objects).metadata;
  const env: Record<string, string> = {};
  for (const { name, value = "", valueFrom } of containerOf(objects).env) {
    if (valueFrom !== undefined && valueFrom.fieldRef.fieldPath !== "metadata.namespace") {
      throw new Error(`${name} comes from a field that this test does not know`);
    }
    env[name] =
      valueFrom === undefined
        ? value.replace(/\$\(([^)]+)\)/g, (reference, variable: string) => env[variable] ?? reference)
        : namespace;
  }
  return env;
}

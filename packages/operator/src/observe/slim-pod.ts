import { isContainerRunning, nodePoolKey } from "@cocoonstack/common/meta";
import type { KubeObject } from "@cocoonstack/machinery/informer";
import type { PodView } from "../model/index.js";

/** A pod as it is kept: what plans are made of, and nothing else. */
export type SlimPod = PodView & {
  readonly metadata: { readonly namespace: string };
};

type Texts = Readonly<Record<string, string>> | null | undefined;

const isOurs = (key: string): boolean => key.includes("cocoonstack.io/");

/** Labels and annotations of Cocoon's alone: those of others may be as long as they like. */
const oursOf = (texts: Texts): Record<string, string> =>
  Object.fromEntries(Object.entries(texts ?? {}).filter(([key]) => isOurs(key)));

/** A pod of the API, without what no plan reads. */
export function slimPod(object: KubeObject): SlimPod {
  const pod = object as unknown as PodView;
  return {
    metadata: { ...slimMetadata(pod.metadata), namespace: object.metadata.namespace ?? "" },
    spec: slimSpec(pod.spec ?? {}),
    status: slimStatus(pod),
  };
}

function slimMetadata(metadata: PodView["metadata"]): PodView["metadata"] {
  const { name, uid, resourceVersion, deletionTimestamp, labels, annotations, ownerReferences } = metadata;
  return {
    name,
    uid,
    resourceVersion,
    ...(deletionTimestamp != null && { deletionTimestamp }),
    labels: oursOf(labels),
    annotations: oursOf(annotations),
    ownerReferences: (ownerReferences ?? []).filter((owner) => owner?.controller === true),
  };
}

type Spec = NonNullable<PodView["spec"]>;

function slimSpec({ nodeName, nodeSelector, serviceAccountName, containers }: Spec): Spec {
  const pool = nodeSelector?.[nodePoolKey];
  return {
    ...(nodeName != null && { nodeName }),
    ...(pool !== undefined && { nodeSelector: { [nodePoolKey]: pool } }),
    ...(serviceAccountName != null && { serviceAccountName }),
    // Ours have one.
    containers: (containers ?? [])
      .slice(0, 1)
      .map(({ name, resources, envFrom }) => ({ name, resources, envFrom })),
  };
}

function slimStatus(pod: PodView): NonNullable<PodView["status"]> {
  const { phase, conditions } = pod.status ?? {};
  return {
    ...(phase != null && { phase }),
    conditions: (conditions ?? [])
      .filter(({ type }) => type === "Ready")
      .map(({ type, status, lastTransitionTime }) => ({ type, status, lastTransitionTime })),
    // Which container runs, and since when, does not matter.
    containerStatuses: isContainerRunning(pod) ? [{ state: { running: {} } }] : [],
  };
}

/** Whether nothing differs that a plan could see, but for the version. */
export function isSamePod(a: SlimPod, b: SlimPod): boolean {
  const withoutVersion = (pod: SlimPod): string =>
    JSON.stringify({ ...pod, metadata: { ...pod.metadata, resourceVersion: "" } });
  return withoutVersion(a) === withoutVersion(b);
}

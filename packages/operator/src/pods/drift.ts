import { parseVMRuntime, parseVMSpec, podNodePool, type VMSpec } from "@cocoonstack/common/meta";
import { type ContainerView, podAnnotations, type PodView } from "../model/index.js";
import type { Member } from "./member.js";
import { annotationOf } from "./pod-state.js";
import { effectiveResources } from "./resources.js";
import { isComparable, templateHash } from "./template-hash.js";

/**
 * How a pod stands to what its member asks for: `same`; `adopt`, the same but without a hash that could be compared, which is
 * written on it; `replace`, another VM is wanted.
 */
export type Drift = "same" | "adopt" | "replace";

/** Compares a pod with its member: by the hash that it carries, else by {@link differences}. */
export function driftOf(pod: PodView, member: Member): Drift {
  const carried = annotationOf(pod, podAnnotations.templateHash);
  if (isComparable(carried)) return carried === templateHash(member) ? "same" : "replace";
  return differences(pod, member).length === 0 ? "adopt" : "replace";
}

/** The fields of a VM's specification that make another VM. */
const replacing = [
  "image",
  "mode",
  "os",
  "storage",
  "network",
  "backend",
  "managed",
  "noDirectIO",
] as const satisfies readonly (keyof VMSpec)[];

/** Whether a pod is not what its member asks for, field by field. */
const others: Readonly<Record<string, (pod: PodView, member: Member) => boolean>> = {
  resources: (pod, { resources }) => !holdsResources(containerOf(pod)?.resources ?? {}, resources),
  nodePool: (pod, { pool }) => podNodePool(pod) !== pool,
};

const ofAgents: typeof others = {
  serviceAccountName: (pod, { serviceAccountName }) =>
    accountOf(pod.spec?.serviceAccountName) !== accountOf(serviceAccountName),
  envFrom: (pod, { envFrom }) => !sameJson(containerOf(pod)?.envFrom ?? [], envFrom),
};

const ofStaticToolboxes: typeof others = {
  staticVMID: (pod, { preset }) => parseVMRuntime(pod).vmID !== preset?.vmID,
  staticIP: (pod, { preset }) => parseVMRuntime(pod).ip !== preset?.ip,
  vncPort: (pod, { preset }) => parseVMRuntime(pod).vncPort !== preset?.vncPort,
};

/**
 * The fields in which a pod differs from its member, field by field: for pods without a hash, and for messages. Of resources
 * only what the spec names is compared, because API server, LimitRanges and webhooks add others.
 */
export function differences(pod: PodView, member: Member): readonly string[] {
  const found = parseVMSpec(pod);
  const tables = {
    ...others,
    ...(member.role === "toolbox" ? {} : ofAgents),
    ...(member.preset === undefined ? {} : ofStaticToolboxes),
  };
  return [
    ...replacing.filter((field) => found[field] !== member.vm[field]),
    ...Object.keys(tables).filter((field) => tables[field]?.(pod, member)),
  ];
}

const containerOf = (pod: PodView): ContainerView | undefined => pod.spec?.containers?.[0];

const accountOf = (name: string | null | undefined): string =>
  (name ?? "") === "" ? "default" : (name ?? "");

function holdsResources(
  found: Parameters<typeof effectiveResources>[0],
  wanted: Parameters<typeof effectiveResources>[0],
): boolean {
  const [has, asks] = [effectiveResources(found), effectiveResources(wanted)];
  return (["limits", "requests"] as const).every((kind) =>
    Object.entries(asks[kind]).every(([name, amount]) => has[kind][name] === amount),
  );
}

/** Whether two values are the same JSON, whatever the order of keys; what is not set is left out. */
function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (typeof a !== "object" || typeof b !== "object") return a === b;
  const [left, right] = [setEntries(a), setEntries(b)];
  return left.size === right.size && [...left].every(([key, value]) => sameJson(value, right.get(key)));
}

const setEntries = (value: object | null): Map<string, unknown> =>
  new Map(Object.entries(value ?? {}).filter(([, member]) => member !== undefined && member !== null));

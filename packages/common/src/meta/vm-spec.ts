import { type Annotated, type Annotations, annotationOf, annotationsOf } from "./annotated.js";
import { specAnnotations, vmAnnotations } from "./keys.js";

/**
 * What a VM is asked to be, as the operator writes it on a pod and the node reads it. An empty string is a value that is
 * not set. Enums are plain strings, because a newer component may know more values; `isValid…` of `apis/v1` asks.
 *
 * @example
 * ```ts
 * const spec: VMSpec = vmSpecFromAgentSpec({ image: "demo" }, { vmName: "vk-prod-demo-0" });
 * spec.mode; // "clone"
 * ```
 */
export interface VMSpec {
  readonly vmName: string;
  readonly image: string;
  /** `clone` restores a snapshot, `run` boots an image, `static` adopts a VM that somebody else runs. */
  readonly mode: string;
  readonly os: string;
  /** Size of the disk, a quantity in canonical form. */
  readonly storage: string;
  readonly network: string;
  readonly snapshotPolicy: string;
  /** Name of the VM whose snapshot this one starts from. */
  readonly forkFrom: string;
  readonly connType: string;
  readonly backend: string;
  /** TCP port whose answer means ready, in decimal digits. */
  readonly probePort: string;
  /** Whether the node creates and deletes the VM, or only adopts it. */
  readonly managed: boolean;
  /** Whether the image is fetched even where the node has it. */
  readonly forcePull: boolean;
  readonly noDirectIO: boolean;
}

const textKeys = {
  vmName: vmAnnotations.name,
  image: specAnnotations.image,
  mode: specAnnotations.mode,
  os: specAnnotations.os,
  storage: specAnnotations.storage,
  network: specAnnotations.network,
  snapshotPolicy: specAnnotations.snapshotPolicy,
  forkFrom: vmAnnotations.forkFrom,
  connType: vmAnnotations.connType,
  backend: vmAnnotations.backend,
  probePort: vmAnnotations.probePort,
} as const;

const flagKeys = {
  managed: specAnnotations.managed,
  forcePull: specAnnotations.forcePull,
  noDirectIO: vmAnnotations.noDirectIO,
} as const;

const entries = Object.entries as <K extends string, V>(object: Readonly<Record<K, V>>) => [K, V][];

/**
 * The annotations of a pod with a VM's specification written over them; the pod stays as it is. What is empty or false is
 * not written and clears nothing: an older value stays.
 *
 * @example
 * ```ts
 * const annotations = applyVMSpec(pod, { vmName: "vk-prod-demo-0", mode: "run", managed: true });
 * ```
 */
export function applyVMSpec(object: Annotated, spec: Partial<VMSpec>): Annotations {
  const texts = entries(textKeys).map(([field, key]) => [key, spec[field] ?? ""] as const);
  const flags = entries(flagKeys).map(([field, key]) => [key, spec[field] === true ? "true" : ""] as const);
  const written = [...texts, ...flags].filter(([, value]) => value !== "");
  return { ...annotationsOf(object), ...Object.fromEntries(written) };
}

/**
 * The VM's specification on a pod. What is missing is empty; a flag is true only where its annotation is exactly `true`.
 *
 * @example
 * ```ts
 * parseVMSpec(pod).vmName; // "vk-prod-demo-0"
 * ```
 */
export function parseVMSpec(object: Annotated): VMSpec {
  const text = (field: keyof typeof textKeys): string => annotationOf(object, textKeys[field]);
  const flag = (field: keyof typeof flagKeys): boolean => annotationOf(object, flagKeys[field]) === "true";
  return {
    vmName: text("vmName"),
    image: text("image"),
    mode: text("mode"),
    os: text("os"),
    storage: text("storage"),
    network: text("network"),
    snapshotPolicy: text("snapshotPolicy"),
    forkFrom: text("forkFrom"),
    connType: text("connType"),
    backend: text("backend"),
    probePort: text("probePort"),
    managed: flag("managed"),
    forcePull: flag("forcePull"),
    noDirectIO: flag("noDirectIO"),
  };
}

import { RequestError } from "@cocoonstack/common/k8s";

/**
 * What an informer needs of an object, and what a `transform` has to keep.
 *
 * @example
 * ```ts
 * const kept: KubeObject = { metadata: { namespace: "shop", name: "demo-0", uid: "5e7a…", resourceVersion: "812" } };
 * ```
 */
export interface KubeObject {
  readonly metadata: {
    readonly name: string;
    /** Absent on an object of the whole cluster. */
    readonly namespace?: string | undefined;
    readonly uid: string;
    /** Opaque: it can be compared for equality, and for nothing else. */
    readonly resourceVersion: string;
  };
}

/**
 * The key of an object: `namespace/name`, or `name` for one of the whole cluster.
 *
 * @example
 * ```ts
 * keyOf(pod); // "shop/demo-0"
 * ```
 */
export const keyOf = ({ metadata: { namespace, name } }: KubeObject): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** Reads an item of a list or a watch as an object. */
export function asKubeObject(what: string, value: unknown): KubeObject {
  const metadata = isRecord(value) ? value["metadata"] : undefined;
  const isObject =
    isRecord(metadata) &&
    ["name", "uid", "resourceVersion"].every((field) => typeof metadata[field] === "string");
  if (!isObject) {
    throw new RequestError("malformed", `${what}: an object lacks metadata.name, uid or resourceVersion`);
  }
  return value as KubeObject;
}

/** `metadata.FIELD` of an answer, where it is a text that is not empty. */
export function metadataText(value: unknown, field: "resourceVersion" | "continue"): string | undefined {
  const metadata = isRecord(value) ? value["metadata"] : undefined;
  const text = isRecord(metadata) ? metadata[field] : undefined;
  return typeof text === "string" && text !== "" ? text : undefined;
}

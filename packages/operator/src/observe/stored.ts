import {
  type CocoonHibernation,
  type CocoonSet,
  type Decoded,
  decodeCocoonHibernation,
  decodeCocoonSet,
  type DecodeResult,
} from "@cocoonstack/common/apis/v1";
import { apiVersion, kindCocoonHibernation, kindCocoonSet } from "@cocoonstack/common/meta";
import type { KubeObject } from "@cocoonstack/machinery/informer";

/** A CocoonSet or CocoonHibernation as it is kept. */
export interface Stored<T> extends KubeObject {
  readonly metadata: KubeObject["metadata"] & { readonly namespace: string };
  readonly kind: typeof kindCocoonSet | typeof kindCocoonHibernation;
  /** Of one that cannot be acted on, what can be read of its metadata. */
  readonly value: Decoded<T>;
  /** Whether its deletion was asked for and nothing holds it any more. */
  readonly isGone: boolean;
  /** Why it cannot be acted on; undefined where it can. The CRDs let no such object in. */
  readonly fault: string | undefined;
}

export type StoredSet = Stored<CocoonSet>;
export type StoredHibernation = Stored<CocoonHibernation>;

/** A CocoonSet of the API, without what nobody here reads. */
export const storedSet = (object: KubeObject): StoredSet => stored(object, kindCocoonSet, decodeCocoonSet);

/** A CocoonHibernation of the API, without what nobody here reads. */
export const storedHibernation = (object: KubeObject): StoredHibernation =>
  stored(object, kindCocoonHibernation, decodeCocoonHibernation);

function stored<T>(
  object: KubeObject,
  kind: Stored<T>["kind"],
  decode: (value: unknown) => DecodeResult<T>,
): Stored<T> {
  const { name, namespace = "", uid, resourceVersion } = object.metadata;
  // Who wrote which field last is half of an object, and nobody here asks.
  const metadata = { ...object.metadata, managedFields: undefined };
  // Items of lists need not say what they are.
  const slim = { ...object, apiVersion, kind, metadata };
  const result = decode(slim);
  return {
    metadata: { name, namespace, uid, resourceVersion },
    kind,
    isGone: isGone(object),
    value: result.ok ? result.value : readablePart({ apiVersion, kind, metadata }, decode),
    fault: result.ok
      ? undefined
      : `${kind} ${namespace}/${name} cannot be read: ${result.path} ${result.message}`,
  };
}

/** Other sets have to know whose an object is and what is written on it, whatever is wrong with the rest: it may have VMs. */
function readablePart<T>(
  part: KubeObject & { readonly apiVersion: string; readonly kind: string },
  decode: (value: unknown) => DecodeResult<T>,
): Decoded<T> {
  const result = decode(part);
  if (result.ok) return result.value;
  const { namespace, name, uid, resourceVersion } = part.metadata;
  return { metadata: { namespace, name, uid, resourceVersion } } as unknown as Decoded<T>;
}

function isGone({ metadata }: KubeObject): boolean {
  const { deletionTimestamp, finalizers = [] } = metadata as KubeObject["metadata"] & {
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
  };
  return deletionTimestamp !== undefined && finalizers.length === 0;
}

import type { PodView } from "../../../packages/operator/src/model/index.js";

/** What a spec or a status holds. */
export type Fields = Record<string, unknown>;

/** A CocoonSet or CocoonHibernation of the API, as far as the operator writes it. */
export interface Stored {
  metadata: {
    name: string;
    namespace: string;
    uid: string;
    resourceVersion: string;
    generation: number;
    creationTimestamp: string;
    deletionTimestamp?: string;
    finalizers: string[];
    annotations: Record<string, string>;
  };
  spec: Fields;
  status: Fields;
}

/** Whatever changes about an object is replaced in it, never changed inside. */
export const copyOf = ({ metadata, ...rest }: Stored): Stored => ({ ...rest, metadata: { ...metadata } });

/** The namespace of a pod, which no plan has to be told. */
export const namespaceOf = ({ metadata }: PodView): string =>
  (metadata as { readonly namespace?: string }).namespace ?? "";

/** Annotations after a merge patch. */
export function patched(
  annotations: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | null>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...annotations, ...changes }).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    ),
  );
}

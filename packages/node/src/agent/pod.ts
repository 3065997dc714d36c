import type { KubeObject } from "@cocoonstack/machinery/informer";
import type { PodView } from "../vm/index.js";

/** A pod of this node, whole: what is not named here is kept all the same, because an old copy of it may be written back. */
export type Pod = PodView &
  KubeObject & {
    readonly status?: {
      readonly startTime?: string | null;
      readonly conditions?:
        | readonly { readonly type: string; readonly status: string; readonly lastTransitionTime?: string }[]
        | null;
    } | null;
  };

/** The path of a pod. */
export const pathOf = ({ metadata: { namespace = "", name } }: Pod): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;

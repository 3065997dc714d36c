import type { Annotations } from "@cocoonstack/common/meta";

/** Amounts by resource, such as `{ cpu: "2" }`. */
export type Amounts = Readonly<Record<string, string | number>>;

/** A pod as it is sent to the API server. */
export interface PodManifest {
  readonly apiVersion: "v1";
  readonly kind: "Pod";
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly labels: Annotations;
    readonly annotations: Annotations;
    readonly ownerReferences: readonly {
      readonly apiVersion: string;
      readonly kind: string;
      readonly name: string;
      readonly uid: string;
      readonly controller: true;
      readonly blockOwnerDeletion: true;
    }[];
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly nodeSelector: Annotations;
    readonly serviceAccountName?: string;
    readonly terminationGracePeriodSeconds: number;
    readonly tolerations: readonly {
      readonly key: string;
      readonly operator: "Exists";
      readonly effect?: string;
    }[];
    readonly containers: readonly {
      readonly name: string;
      readonly image: string;
      readonly envFrom?: readonly unknown[];
      readonly resources: {
        readonly limits?: Amounts;
        readonly requests?: Amounts;
        readonly claims?: readonly unknown[];
      };
    }[];
  };
}

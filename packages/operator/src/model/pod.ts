import type { Annotations } from "@cocoonstack/common/meta";

type Maybe<T> = T | null | undefined;

/** An object that a pod belongs to. */
export interface OwnerView {
  readonly apiVersion?: Maybe<string>;
  readonly kind?: Maybe<string>;
  readonly name?: Maybe<string>;
  readonly uid?: Maybe<string>;
  readonly controller?: Maybe<boolean>;
}

/** CPU, memory and the like, as a container asks for them. */
export interface ResourcesView {
  readonly limits?: Maybe<Readonly<Record<string, Maybe<string | number>>>>;
  readonly requests?: Maybe<Readonly<Record<string, Maybe<string | number>>>>;
}

/** One container, as far as the operator compares it. */
export interface ContainerView {
  readonly name?: Maybe<string>;
  readonly resources?: Maybe<ResourcesView>;
  readonly envFrom?: Maybe<readonly unknown[]>;
}

/** One condition of a pod. */
export interface PodConditionView {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: Maybe<string>;
}

/** A pod as it was observed: the part that decisions are made of. A pod of the API, as parsed JSON, fits. */
export interface PodView {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly deletionTimestamp?: Maybe<string>;
    readonly labels?: Maybe<Annotations>;
    readonly annotations?: Maybe<Annotations>;
    readonly ownerReferences?: Maybe<readonly Maybe<OwnerView>[]>;
  };
  readonly spec?: Maybe<{
    readonly nodeName?: Maybe<string>;
    readonly nodeSelector?: Maybe<Annotations>;
    readonly serviceAccountName?: Maybe<string>;
    readonly containers?: Maybe<readonly ContainerView[]>;
  }>;
  readonly status?: Maybe<{
    readonly phase?: Maybe<string>;
    readonly conditions?: Maybe<readonly PodConditionView[]>;
    readonly containerStatuses?: Maybe<
      readonly Maybe<{ readonly state?: Maybe<{ readonly running?: unknown }> }>[]
    >;
  }>;
}

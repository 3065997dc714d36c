import { type Annotated, type Annotations, annotationOf } from "./annotated.js";
import { defaultNodePool, nodePoolKey, specAnnotations } from "./keys.js";

type Maybe<T> = T | null | undefined;

/**
 * The part of a pod that says how it does; a pod of any client, or parsed JSON, fits.
 *
 * @example
 * ```ts
 * const pod: PodStatusLike = { status: { phase: "Failed" } };
 * isPodTerminal(pod); // true
 * ```
 */
export interface PodStatusLike {
  readonly status?: Maybe<{
    readonly phase?: Maybe<string>;
    readonly conditions?: Maybe<readonly Maybe<{ readonly type: string; readonly status: string }>[]>;
    readonly containerStatuses?: Maybe<
      readonly Maybe<{ readonly state?: Maybe<{ readonly running?: unknown }> }>[]
    >;
  }>;
}

/**
 * The part of a pod that may name a node pool.
 *
 * @example
 * ```ts
 * const pod: NodePoolSource = { metadata: { labels: { [nodePoolKey]: "gpu" } } };
 * podNodePool(pod); // "gpu"
 * ```
 */
export interface NodePoolSource extends Annotated {
  readonly metadata?: Maybe<{
    readonly labels?: Maybe<Annotations>;
    readonly annotations?: Maybe<Annotations>;
  }>;
  readonly spec?: Maybe<{ readonly nodeSelector?: Maybe<Annotations> }>;
}

/**
 * Whether a pod has the condition `Ready` with status `True`.
 *
 * @example
 * ```ts
 * isPodReady({ status: { conditions: [{ type: "Ready", status: "True" }] } }); // true
 * ```
 */
export const isPodReady = (pod: PodStatusLike): boolean =>
  pod.status?.conditions?.some((condition) => condition?.type === "Ready" && condition.status === "True") ??
  false;

/**
 * Whether a pod is past help: its phase is `Failed`. `Succeeded` does not count, because a VM that shut down can be
 * started again.
 *
 * @example
 * ```ts
 * isPodTerminal({ status: { phase: "Succeeded" } }); // false
 * ```
 */
export const isPodTerminal = (pod: PodStatusLike): boolean => pod.status?.phase === "Failed";

/**
 * Whether any container of a pod is running.
 *
 * @example
 * ```ts
 * isContainerRunning({ status: { containerStatuses: [{ state: { running: {} } }] } }); // true
 * ```
 */
export const isContainerRunning = (pod: PodStatusLike): boolean =>
  pod.status?.containerStatuses?.some((container) => (container?.state?.running ?? null) !== null) ?? false;

/**
 * Whether the VM of a pod runs Windows, by the annotation `os`, in any case.
 *
 * @example
 * ```ts
 * isWindowsPod({ metadata: { annotations: { "cocoonset.cocoonstack.io/os": "Windows" } } }); // true
 * ```
 */
export const isWindowsPod = (pod: Annotated): boolean =>
  // With `u`, case is folded as by Go's strings.EqualFold.
  /^windows$/iu.test(annotationOf(pod, specAnnotations.os));

/**
 * `namespace/name`, the key of a pod in caches and queues.
 *
 * @example
 * ```ts
 * podKey("prod", "demo-0"); // "prod/demo-0"
 * ```
 */
export const podKey = (namespace: string, name: string): string => `${namespace}/${name}`;

/**
 * The node pool of a pod: by its node selector, else its label, else its annotation, else `default`. Empty counts as not
 * set.
 *
 * @example
 * ```ts
 * podNodePool({ spec: { nodeSelector: { "cocoonstack.io/pool": "gpu" } } }); // "gpu"
 * ```
 */
export function podNodePool(pod: NodePoolSource): string {
  const sources = [pod.spec?.nodeSelector, pod.metadata?.labels, pod.metadata?.annotations];
  const named = sources.map((source) => source?.[nodePoolKey] ?? "").find((pool) => pool !== "");
  return named ?? defaultNodePool;
}

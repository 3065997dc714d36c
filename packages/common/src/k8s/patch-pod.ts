import {
  readCocoonSetGeneration,
  readHibernateState,
  stampCocoonSetGeneration,
  vmAnnotations,
} from "../meta/index.js";
import type { CallOptions, ClusterConnection } from "./cluster-connection.js";
import { annotationsMergePatch } from "./merge-patch.js";
import { pathOf, sendMergePatch } from "./patch-object.js";

/**
 * A pod as far as its annotations.
 *
 * @example
 * ```ts
 * const pod: PodLike = { metadata: { namespace: "shop", name: "demo-0", annotations: {} } };
 * ```
 */
export interface PodLike {
  readonly metadata?:
    | {
        readonly name?: string | null | undefined;
        readonly namespace?: string | null | undefined;
        readonly annotations?: Readonly<Record<string, string>> | null | undefined;
      }
    | null
    | undefined;
}

/**
 * Asks the node to hibernate the pod's VM, or to wake it, by the annotation `vm.cocoonstack.io/hibernate`.
 *
 * Sends nothing when the pod that is passed in carries that wish already, so it may be called in every turn of a loop: for
 * `true`, when the annotation is exactly `"true"`; for `false`, when it is anything else or missing. The server is not asked
 * what it has, so a stale pod may leave a patch unsent: pass the pod as it was last read.
 *
 * The patch carries no `resourceVersion`: it writes this one annotation whatever else has changed meanwhile, and the last
 * writer wins.
 *
 * @returns The pod as the server has it after the patch; the very `pod` that was given, when nothing was sent.
 * @throws {ApiError} when the server refuses: `status` 404 when the pod is gone, 409 when the API server could not get its
 *   write between those of others, 403 without the right to patch pods.
 * @throws {RequestError} when there is no usable answer; the patch may have been applied.
 * @throws {TypeError} when the pod has no name or no namespace.
 *
 * @example
 * ```ts
 * await patchHibernateState(connection, pod, true);
 * ```
 */
export async function patchHibernateState<T extends PodLike>(
  connection: Pick<ClusterConnection, "request">,
  pod: T,
  hibernate: boolean,
  options: CallOptions = {},
): Promise<T> {
  // Anything but exactly "true" means awake.
  if (readHibernateState(pod) === hibernate) return pod;
  return patchAnnotations(connection, pod, { [vmAnnotations.hibernate]: hibernate ? "true" : null }, options);
}

/**
 * Stamps the `metadata.generation` of its CocoonSet onto a pod, for the node to say which one it has acted on: the annotation
 * `cocoonset.cocoonstack.io/generation`.
 *
 * Sends nothing when the pod that is passed in carries that generation already, as {@link readCocoonSetGeneration} reads it:
 * numbers are compared, so `+03` is 3, and a missing or unreadable one is 0. As with {@link patchHibernateState}, the server
 * is not asked what it has, the patch carries no `resourceVersion`, and the last writer wins; an older generation replaces a
 * newer one.
 *
 * @returns The pod as the server has it after the patch; the very `pod` that was given, when nothing was sent.
 * @throws {ApiError} when the server refuses, in the same cases.
 * @throws {RequestError} when there is no usable answer; the patch may have been applied.
 * @throws {TypeError} when the pod has no name or no namespace.
 * @throws {RangeError} when the generation is no integer, or too large for a number to hold exactly.
 *
 * @example
 * ```ts
 * await patchCocoonSetGeneration(connection, pod, set.metadata?.generation ?? 0);
 * ```
 */
export async function patchCocoonSetGeneration<T extends PodLike>(
  connection: Pick<ClusterConnection, "request">,
  pod: T,
  generation: number,
  options: CallOptions = {},
): Promise<T> {
  const annotations = stampCocoonSetGeneration({}, generation);
  if (readCocoonSetGeneration(pod) === generation) return pod;
  return patchAnnotations(connection, pod, annotations, options);
}

async function patchAnnotations<T extends PodLike>(
  connection: Pick<ClusterConnection, "request">,
  pod: T,
  annotations: Readonly<Record<string, string | null>>,
  options: CallOptions,
): Promise<T> {
  if (!pod.metadata?.namespace) throw new TypeError("a pod cannot be patched without metadata.namespace");
  const path = pathOf({ apiVersion: "v1", metadata: pod.metadata }, "pods");
  return (await sendMergePatch(connection, path, annotationsMergePatch(annotations), options)) as T;
}

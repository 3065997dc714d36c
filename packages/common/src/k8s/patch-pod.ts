import {
  readCocoonSetGeneration,
  readHibernateState,
  stampCocoonSetGeneration,
  vmAnnotations,
} from "../meta/index.js";
import type { CallOptions, ClusterConnection } from "./connection.js";
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
 * Asks the node to hibernate the pod's VM, or to wake it. Sends nothing when the pod carries that wish already, so it may be
 * called in every turn of a loop.
 *
 * @returns The pod as the server has it after the patch; the very `pod` that was given, when nothing was sent.
 * @throws {ApiError} when the server refuses, such as with 404 when the pod is gone.
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
 * Stamps the `metadata.generation` of its CocoonSet onto a pod, for the node to say which one it has acted on. Sends nothing
 * when the pod carries that generation already.
 *
 * @returns The pod as the server has it after the patch; the very `pod` that was given, when nothing was sent.
 * @throws {ApiError} when the server refuses, such as with 404 when the pod is gone.
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

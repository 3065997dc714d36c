import { type Api, hasStatus, send, sendPatch, timestamp } from "./api.js";
import type { Wishes } from "./annotation-writer.js";
import { pathOf, type Pod } from "./pod.js";
import type { StatusPatch } from "./pod-status.js";

const isSet = ([, value]: readonly [string, unknown]): boolean => value !== null;

/** Writes the parts of a status that a patch names. One that is for another pod of the same name is refused. */
export async function patchStatus(
  api: Api,
  pod: Pod,
  status: StatusPatch,
  signal: AbortSignal,
): Promise<void> {
  await sendPatch(api, `${pathOf(pod)}/status`, { metadata: { uid: pod.metadata.uid }, status }, signal);
}

/**
 * Writes status as the virtual kubelet does: the whole pod as the agent once read it, with what the agent has written itself, and
 * the resourceVersion `0`, which fits any. The API server takes labels and annotations from it, too, so whatever others wrote
 * meanwhile is undone.
 */
export async function putStaleStatus(
  api: Api,
  copy: Pod,
  own: Wishes,
  status: StatusPatch,
  signal: AbortSignal,
): Promise<void> {
  const annotations = Object.fromEntries(
    Object.entries({ ...copy.metadata.annotations, ...own }).filter(isSet),
  );
  const body = {
    ...copy,
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...copy.metadata, annotations, resourceVersion: "0" },
    status: Object.fromEntries(Object.entries({ ...copy.status, ...status }).filter(isSet)),
  };
  await send(api, { method: "PUT", path: `${pathOf(copy)}/status`, body, signal });
}

/** Asks for a pod's deletion, with its own grace period; that it is gone already is fine. */
export const evict = (api: Api, pod: Pod, signal: AbortSignal): Promise<void> => remove(api, pod, {}, signal);

/** Removes a pod whose VM is no more; that it is gone already is fine. */
export const removeNow = (api: Api, pod: Pod, signal: AbortSignal): Promise<void> =>
  remove(api, pod, { gracePeriodSeconds: 0 }, signal);

async function remove(api: Api, pod: Pod, options: object, signal: AbortSignal): Promise<void> {
  const body = { ...options, preconditions: { uid: pod.metadata.uid } };
  try {
    await send(api, { method: "DELETE", path: pathOf(pod), body, signal });
  } catch (error) {
    // 409: there is another pod of that name.
    if (!hasStatus(error, 404, 409)) throw error;
  }
}

/** A warning for whoever looks at the pod. */
export interface Warning {
  readonly reason: string;
  readonly message: string;
  /** The node that says it. */
  readonly host: string;
}

/** Makes an event on a pod. */
export async function warn(api: Api, pod: Pod, warning: Warning, signal: AbortSignal): Promise<void> {
  const { namespace = "", name, uid } = pod.metadata;
  const now = timestamp();
  const body = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { namespace, generateName: `${name}.` },
    involvedObject: { apiVersion: "v1", kind: "Pod", namespace, name, uid },
    type: "Warning",
    reason: warning.reason,
    message: warning.message,
    source: { component: "cocoon-node", host: warning.host },
    reportingComponent: "cocoon-node",
    reportingInstance: warning.host,
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  };
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
  await send(api, { method: "POST", path, body, signal });
}

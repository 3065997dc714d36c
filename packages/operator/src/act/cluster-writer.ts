import type { CocoonHibernationStatus, CocoonSetStatus } from "@cocoonstack/common/apis/v1";
import {
  ApiError,
  apiErrorOf,
  type ApiRequest,
  type ClusterConnection,
  patchStatus,
} from "@cocoonstack/common/k8s";
import { apiVersion, kindCocoonSet } from "@cocoonstack/common/meta";
import type { KubeObject } from "@cocoonstack/machinery/informer";
import type { AnnotationChanges, PlannedStatus, PodManifest, PodVersion } from "../model/index.js";
import type { Stored } from "../observe/index.js";
import { applyStatus, type StatusFields } from "./status.js";

/** A CocoonSet or CocoonHibernation, and the version of it that is known. */
export interface OwnerRef {
  readonly kind: Stored<unknown>["kind"];
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** The status of either kind. */
export type OwnerStatus = PlannedStatus<CocoonSetStatus> | PlannedStatus<CocoonHibernationStatus>;

/** What the audit log and `managedFields` call the operator. */
const fieldManager = "cocoon-operator";

/** How long the API server may take for one call. */
const timeoutMs = 10_000;

type Metadata = Readonly<Record<string, unknown>>;

/**
 * Reads and writes single objects at the API server itself. Every write carries the UID and the version that it was decided by, and says
 * nothing but what the operator owns: a field that this version does not know survives, and nobody's server-side apply meets a conflict.
 *
 * Every method rejects with an `ApiError` when the server refuses (409 where the object is another one by now), and a `RequestError` when
 * there is no usable answer.
 */
export class ClusterWriter {
  readonly #connection: Pick<ClusterConnection, "request">;
  readonly #signal: AbortSignal;

  /** @param signal Aborted when nothing may be written any more. */
  constructor(connection: Pick<ClusterConnection, "request">, signal: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
  }

  /** The pod of this name as the API server has it; undefined where there is none. */
  pod(namespace: string, name: string): Promise<KubeObject | undefined> {
    return this.#read(podPath(namespace, name));
  }

  /** The same for a CocoonSet or CocoonHibernation. */
  owner(ref: Omit<OwnerRef, "uid" | "resourceVersion">): Promise<KubeObject | undefined> {
    return this.#read(ownerPath(ref));
  }

  createPod(pod: PodManifest): Promise<KubeObject> {
    const path = `/api/v1/namespaces/${pod.metadata.namespace}/pods?fieldManager=${fieldManager}`;
    return this.#call({ method: "POST", path, body: JSON.stringify(pod) });
  }

  /** Gives the pod as it is then; undefined where it is gone at once. */
  async deletePod(
    namespace: string,
    { name, uid, resourceVersion }: PodVersion,
  ): Promise<KubeObject | undefined> {
    const body = {
      apiVersion: "v1",
      kind: "DeleteOptions",
      preconditions: { uid, resourceVersion },
    };
    const path = podPath(namespace, name);
    const answer = await this.#call({ method: "DELETE", path, body: JSON.stringify(body) });
    const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = answer.metadata as Metadata;
    // A pod that nobody runs goes at once, and the answer shows it for the last time.
    const stays = Array.isArray(finalizers) && finalizers.length > 0;
    const isTerminating = typeof deletionTimestamp === "string" && deletionGracePeriodSeconds !== 0;
    return isTerminating || stays ? answer : undefined;
  }

  patchPod(namespace: string, pod: PodVersion, annotations: AnnotationChanges): Promise<KubeObject> {
    const { name, uid, resourceVersion } = pod;
    return this.#patch(podPath(namespace, name), { metadata: { uid, resourceVersion, annotations } });
  }

  patchOwner(
    owner: OwnerRef,
    change: { readonly annotations: AnnotationChanges } | { readonly finalizers: readonly string[] },
  ): Promise<KubeObject> {
    const { uid, resourceVersion } = owner;
    return this.#patch(ownerPath(owner), { metadata: { uid, resourceVersion, ...change } });
  }

  /**
   * Writes a status where it differs from the one that is stored: conditions are merged by type, other fields replace those stored.
   *
   * @returns the object as it is then; undefined where nothing had to be written.
   */
  async writeStatus(
    owner: OwnerRef,
    stored: object | null | undefined,
    planned: OwnerStatus,
  ): Promise<KubeObject | undefined> {
    const { kind, namespace, name, resourceVersion } = owner;
    const object: StatusObject = {
      apiVersion,
      kind,
      metadata: { namespace, name, resourceVersion },
      status: (stored ?? {}) as StatusFields,
    };
    const change = (status: StatusFields): void => {
      applyStatus(status, planned);
    };
    const written = await patchStatus(this.#connection, object, change, {
      optimisticLock: true,
      timeoutMs,
      signal: this.#signal,
    });
    return written === object ? undefined : (written as unknown as KubeObject);
  }

  #patch(path: string, patch: object): Promise<KubeObject> {
    return this.#call({
      method: "PATCH",
      path: `${path}?fieldManager=${fieldManager}`,
      body: JSON.stringify(patch),
      contentType: "application/merge-patch+json",
    });
  }

  async #read(path: string): Promise<KubeObject | undefined> {
    try {
      return await this.#call({ path });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  async #call(request: ApiRequest): Promise<KubeObject> {
    const response = await this.#connection.request({ ...request, timeoutMs, signal: this.#signal });
    if (response.status > 299) throw apiErrorOf(`${request.method ?? "GET"} ${request.path}`, response);
    return JSON.parse(response.body.toString("utf8")) as KubeObject;
  }
}

interface StatusObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly namespace: string; readonly name: string; readonly resourceVersion: string };
  readonly status: StatusFields;
}

const podPath = (namespace: string, name: string): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;

const ownerPath = ({ kind, namespace, name }: Pick<OwnerRef, "kind" | "namespace" | "name">): string => {
  const resource = kind === kindCocoonSet ? "cocoonsets" : "cocoonhibernations";
  return `/apis/${apiVersion}/namespaces/${encodeURIComponent(namespace)}/${resource}/${encodeURIComponent(name)}`;
};

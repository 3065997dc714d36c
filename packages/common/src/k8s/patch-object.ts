import { apiErrorOf } from "./api-error.js";
import type { CallOptions, ClusterConnection } from "./cluster-connection.js";
import { RequestError } from "./request-error.js";

/**
 * An object as far as its address in the API needs it.
 *
 * @example
 * ```ts
 * const ref: ObjectRef = { apiVersion: "v1", kind: "Pod", metadata: { namespace: "shop", name: "demo-0" } };
 * ```
 */
export interface ObjectRef {
  readonly apiVersion?: string | null | undefined;
  readonly kind?: string | null | undefined;
  readonly metadata?:
    | {
        readonly name?: string | null | undefined;
        /** Absent on an object of the whole cluster. */
        readonly namespace?: string | null | undefined;
        readonly resourceVersion?: string | null | undefined;
      }
    | null
    | undefined;
}

/**
 * Path of the collection that holds `object`, and of the object in it.
 *
 * @param resource The plural of its kind.
 * @throws {TypeError} when the object does not say what it is called.
 */
export function pathOf(object: ObjectRef, resource: string): string {
  const { apiVersion } = object;
  const { name, namespace } = object.metadata ?? {};
  if (!apiVersion || !name)
    throw new TypeError("an object cannot be patched without apiVersion and metadata.name");
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${root}${scope}/${resource}/${encodeURIComponent(name)}`;
}

/**
 * Sends a JSON merge patch, once, and gives back the object as the server has it then.
 *
 * @throws {ApiError} for a status that is no success.
 * @throws {RequestError} when there is no usable answer.
 */
export async function sendMergePatch(
  connection: Pick<ClusterConnection, "request">,
  path: string,
  patch: unknown,
  { timeoutMs, signal }: CallOptions,
): Promise<unknown> {
  const what = `PATCH ${path}`;
  const response = await connection.request({
    method: "PATCH",
    path,
    body: JSON.stringify(patch),
    contentType: "application/merge-patch+json",
    timeoutMs,
    signal,
  });
  if (response.status < 200 || response.status > 299) throw apiErrorOf(what, response);
  try {
    return JSON.parse(response.body.toString("utf8")) as unknown;
  } catch (cause) {
    throw new RequestError("malformed", `${what}: the answer (status ${response.status}) is not JSON`, {
      cause,
    });
  }
}

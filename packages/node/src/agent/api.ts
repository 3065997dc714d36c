import { type ApiRequest, apiErrorOf, ApiError, type ClusterConnection } from "@cocoonstack/common/k8s";

/** The API server, as far as the agent asks it once. */
export type Api = Pick<ClusterConnection, "request">;

/** A request with a body that becomes JSON. */
export type Call = Omit<ApiRequest, "body"> & { readonly body?: object };

/**
 * Sends a request; the answer is nobody's concern as long as it is good.
 *
 * @throws {ApiError} for a status that is no success.
 * @throws {RequestError} when there is no usable answer.
 */
export async function send(api: Api, { body, ...call }: Call): Promise<Buffer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const response = await api.request({ ...call, body: text });
  if (response.status < 200 || response.status > 299) {
    throw apiErrorOf(`${call.method ?? "GET"} ${call.path}`, response);
  }
  return response.body;
}

/** Sends a JSON merge patch. */
export const sendPatch = (api: Api, path: string, body: object, signal?: AbortSignal): Promise<Buffer> =>
  send(api, { method: "PATCH", path, body, contentType: "application/merge-patch+json", signal });

/** Whether the server answered with one of these statuses. */
export const hasStatus = (error: unknown, ...statuses: readonly number[]): boolean =>
  error instanceof ApiError && statuses.includes(error.status);

/** A time as Kubernetes writes it, to the second. */
export const timestamp = (date: Date = new Date()): string => date.toISOString().replace(/\.\d+Z$/, "Z");

import { apiErrorOf, type ApiRequest, type ClusterConnection } from "@cocoonstack/common/k8s";

/** A crowd may keep an API server waiting for longer than programs wait. */
const requestTimeoutMs = 60_000;

/**
 * Sends a request that has to succeed.
 *
 * @param andAlso Statuses of answers that are no less good, such as 404 of what may be gone.
 * @throws {ApiError} with what the API server says instead.
 */
export async function send(
  api: Pick<ClusterConnection, "request">,
  request: ApiRequest,
  andAlso: readonly number[] = [],
): Promise<void> {
  const response = await api.request({ timeoutMs: requestTimeoutMs, ...request });
  if (response.status > 299 && !andAlso.includes(response.status))
    throw apiErrorOf(`${request.method ?? "GET"} ${request.path}`, response);
}

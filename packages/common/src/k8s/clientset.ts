import type {
  AdmissionregistrationV1Api,
  ApiextensionsV1Api,
  AppsV1Api,
  Configuration,
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  RequestContext,
  ResponseContext,
} from "@kubernetes/client-node";
import type { ApiRequest, ClusterConnection } from "./cluster-connection.js";

/**
 * Typed clients of the official library, all on the connections of one {@link ClusterConnection}.
 *
 * @example
 * ```ts
 * const clients: Clientset = await newClientset(connection);
 * const deployment = await clients.apps.readNamespacedDeployment({ namespace: "shop", name: "web" });
 * ```
 */
export interface Clientset {
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly admissionRegistration: AdmissionregistrationV1Api;
  readonly apiExtensions: ApiextensionsV1Api;
  readonly coordination: CoordinationV1Api;
  readonly customObjects: CustomObjectsApi;
  /**
   * Any other client of the library.
   *
   * @example
   * ```ts
   * import { BatchV1Api } from "@kubernetes/client-node";
   * const jobs = await clientset.api(BatchV1Api).listNamespacedJob({ namespace: "shop" });
   * ```
   */
  api<T>(type: new (configuration: Configuration) => T): T;
}

/**
 * Typed API clients over `connection`. They throw the library's `ApiException` for a status that is no success, a
 * {@link RequestError} when there is no answer, and a `TypeError` for a body that is not text. Not for watches: an answer is
 * read to its end.
 *
 * Loads the official client, which takes half a second and 60 MB: on a hot path, or in a short-lived program, prefer
 * {@link ClusterConnection.getJson}.
 *
 * @example
 * ```ts
 * const { core } = await newClientset(connection);
 * const pods = await core.listNamespacedPod({ namespace: "shop" });
 * ```
 */
export async function newClientset(connection: ClusterConnection): Promise<Clientset> {
  const client = await import("@kubernetes/client-node");
  const send = async (context: RequestContext): Promise<ResponseContext> => {
    const { status, headers, body } = await connection.request(requestOf(context));
    const content = new client.SelfDecodingBody(Promise.resolve(body));
    return new client.ResponseContext(status, { ...headers }, content);
  };
  const configuration = client.createConfiguration({
    // Only the path of a URL is used: the connection knows the server, and adds the credentials.
    baseServer: new client.ServerConfiguration("https://cluster.invalid", {}),
    httpApi: client.wrapHttpLibrary({ send }),
  });
  const api = <T>(type: new (configuration: Configuration) => T): T => new type(configuration);
  return {
    core: api(client.CoreV1Api),
    apps: api(client.AppsV1Api),
    admissionRegistration: api(client.AdmissionregistrationV1Api),
    apiExtensions: api(client.ApiextensionsV1Api),
    coordination: api(client.CoordinationV1Api),
    customObjects: api(client.CustomObjectsApi),
    api,
  };
}

function requestOf(context: RequestContext): ApiRequest {
  const { pathname, search } = new URL(context.getUrl());
  const body = context.getBody();
  if (body !== undefined && typeof body !== "string") {
    throw new TypeError("only text bodies can be sent to an API server");
  }
  const headers = Object.fromEntries(
    Object.entries(context.getHeaders()).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    method: context.getHttpMethod() as NonNullable<ApiRequest["method"]>,
    path: pathname + search,
    headers,
    body,
    signal: context.getSignal(),
  };
}

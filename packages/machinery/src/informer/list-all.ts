import { apiErrorOf, RequestError, type ClusterConnection } from "@cocoonstack/common/k8s";
import { pathOf, type Collection } from "./collection.js";
import { metadataText } from "./kube-object.js";

/** See {@link listAll}. */
export interface ListOptions {
  readonly connection: Pick<ClusterConnection, "request">;
  readonly collection: Collection;
  /** Objects in a page at most. */
  readonly pageSize: number;
  readonly signal: AbortSignal;
  /** Called with each page's objects, so that a page need not be kept as it came. */
  readonly onItems: (items: readonly unknown[]) => void;
}

/**
 * Lists a collection page by page, as it was at one moment, and gives the resourceVersion of that moment.
 *
 * It asks for the most recent state, and not for any that the server has at hand (`resourceVersion=0`): another API server's cache may
 * be behind what was seen before, and a controller that goes back in time does things twice. A page that is longer than the connection
 * takes is asked for again with half as many objects.
 *
 * @throws {ApiError} when the server answers so; with status 410 where the list took longer than the server keeps its moment.
 * @throws {RequestError} when there is no usable answer.
 */
export async function listAll(options: ListOptions): Promise<string> {
  let { pageSize } = options;
  let next: string | undefined;
  for (;;) {
    try {
      const page = await listPage(options, pageSize, next);
      options.onItems(page.items);
      if (page.next === undefined) return page.resourceVersion;
      next = page.next;
    } catch (error) {
      const isTooLarge = error instanceof RequestError && error.kind === "too-large" && pageSize > 1;
      if (!isTooLarge) throw error;
      pageSize = Math.floor(pageSize / 2);
    }
  }
}

interface Page {
  readonly items: readonly unknown[];
  readonly resourceVersion: string;
  readonly next: string | undefined;
}

async function listPage(
  { connection, collection, signal }: ListOptions,
  pageSize: number,
  next: string | undefined,
): Promise<Page> {
  const path = pathOf(collection, { limit: String(pageSize), continue: next });
  const response = await connection.request({ path, signal });
  const what = `GET ${collection.path}`;
  if (response.status !== 200) throw apiErrorOf(what, response);
  const list = parse(what, response.body);
  const resourceVersion = metadataText(list, "resourceVersion");
  const items = list["items"] ?? [];
  if (resourceVersion === undefined || !Array.isArray(items)) {
    throw new RequestError("malformed", `${what}: the answer is not a list`);
  }
  return { items, resourceVersion, next: metadataText(list, "continue") };
}

function parse(what: string, body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const list = JSON.parse(body.toString("utf8")) as unknown;
    return typeof list === "object" && list !== null ? (list as Readonly<Record<string, unknown>>) : {};
  } catch (cause) {
    throw new RequestError("malformed", `${what}: the answer is not JSON`, { cause });
  }
}

import { ApiError, RequestError } from "@cocoonstack/common/k8s";
import { asKubeObject, metadataText, type KubeObject } from "./kube-object.js";

/** What a line of a watch says. */
export type WatchEvent =
  | { readonly type: "put" | "delete"; readonly object: KubeObject; readonly resourceVersion: string }
  /** Nothing has changed up to this resourceVersion. */
  | { readonly type: "bookmark"; readonly resourceVersion: string };

const types: Readonly<Record<string, "put" | "delete">> = {
  ADDED: "put",
  MODIFIED: "put",
  DELETED: "delete",
};

/**
 * Reads a line of a watch.
 *
 * @throws {ApiError} when the server says in it why the watch ends; 410 where its history does not reach back far enough.
 * @throws {RequestError} when it is no event.
 */
export function parseWatchEvent(what: string, line: string): WatchEvent {
  const { type, object } = parse(what, line);
  if (type === "ERROR") throw errorOf(what, object);
  const resourceVersion = metadataText(object, "resourceVersion");
  if (type === "BOOKMARK" && resourceVersion !== undefined) return { type: "bookmark", resourceVersion };
  const kind = typeof type === "string" ? types[type] : undefined;
  if (kind === undefined || resourceVersion === undefined) {
    throw new RequestError("malformed", `${what}: the watch sent an event of an unknown kind`);
  }
  return { type: kind, object: asKubeObject(what, object), resourceVersion };
}

function parse(what: string, line: string): { readonly type?: unknown; readonly object?: unknown } {
  try {
    return (JSON.parse(line) ?? {}) as { readonly type?: unknown; readonly object?: unknown };
  } catch (cause) {
    throw new RequestError("malformed", `${what}: the watch sent what is not JSON`, { cause });
  }
}

function errorOf(what: string, status: unknown): ApiError {
  const { code, reason, message } = (status ?? {}) as Readonly<Record<string, unknown>>;
  return new ApiError(
    typeof code === "number" ? code : 500,
    `${what}: the watch ended: ${typeof message === "string" ? message : "the server does not say why"}`,
    { reason: typeof reason === "string" ? reason : "Unknown" },
  );
}

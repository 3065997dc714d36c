import type { CallOptions, ClusterConnection } from "./cluster-connection.js";
import { mergePatchOf } from "./merge-patch-of.js";
import { pathOf, sendMergePatch, type ObjectRef } from "./patch-object.js";

/**
 * Options of {@link patchStatus}.
 *
 * @example
 * ```ts
 * const options: PatchStatusOptions = { optimisticLock: true, timeoutMs: 5_000 };
 * ```
 */
export interface PatchStatusOptions extends CallOptions {
  /**
   * Sends the object's `resourceVersion` along, so that the server answers 409 (`Conflict`) when the object has changed since
   * it was read. Wanted where the new status is computed from the old one and somebody else writes it too; lists are always
   * replaced whole.
   *
   * @default false
   */
  readonly optimisticLock?: boolean;
  /**
   * The plural that the API has for the kind.
   *
   * @default the kind in lower case, and an "s"
   */
  readonly resource?: string;
}

/**
 * The status of a `T` that is about to be changed.
 *
 * @example
 * ```ts
 * const suspend = (status: StatusDraft<CocoonSet>): void => void (status.phase = "Suspended");
 * ```
 */
export type StatusDraft<T extends { readonly status?: object | null | undefined }> = Partial<
  NonNullable<T["status"]>
>;

/**
 * Changes the status of an object: `change` gets a copy of it (empty, where there is none), and the difference that it makes
 * is sent to the `status` subresource as a JSON merge patch. Nothing is sent where it makes no difference. The object itself
 * is not changed.
 *
 * A patch that fails is not repeated: read the object again, and decide again.
 *
 * @returns The object as the server has it after the patch; the very `object` that was given, when nothing was sent.
 * @throws {ApiError} when the server refuses: 404 (gone, or `resource` is not its plural), 409 (see `optimisticLock`), 422.
 * @throws {RequestError} when there is no usable answer; the patch may have been applied.
 * @throws {TypeError} when the object has no apiVersion, kind, name, or with `optimisticLock` no resourceVersion.
 * @throws What `change` throws; nothing has been sent then.
 *
 * @example
 * ```ts
 * const { body } = await connection.getJson("/apis/cocoonset.cocoonstack.io/v1/namespaces/shop/cocoonsets/demo");
 * const set = decodeUnstructured(body, "CocoonSet");
 * const updated = await patchStatus(connection, set, (status) => {
 *   status.phase = "Running";
 *   setStatusCondition((status.conditions ??= []), newReadyCondition("True", "AllAgentsReady", ""));
 * });
 * ```
 */
export async function patchStatus<T extends ObjectRef & { readonly status?: object | null | undefined }>(
  connection: Pick<ClusterConnection, "request">,
  object: T,
  change: (status: StatusDraft<T>) => void,
  { optimisticLock = false, resource, ...call }: PatchStatusOptions = {},
): Promise<T> {
  const path = `${pathOf(object, resource ?? pluralOf(object))}/status`;
  const lock = optimisticLock ? { metadata: { resourceVersion: versionOf(object) } } : {};
  const before = object.status ?? {};
  const after = structuredClone(before) as StatusDraft<T>;
  change(after);
  const status = mergePatchOf(before, after);
  if (status === undefined) return object;
  return (await sendMergePatch(connection, path, { ...lock, status }, call)) as T;
}

function pluralOf({ kind }: ObjectRef): string {
  if (!kind) throw new TypeError("a status cannot be patched without the object's kind, or the resource");
  return `${kind.toLowerCase()}s`;
}

function versionOf({ metadata }: ObjectRef): string {
  const version = metadata?.resourceVersion;
  if (!version) throw new TypeError("optimisticLock needs the object's metadata.resourceVersion");
  return version;
}

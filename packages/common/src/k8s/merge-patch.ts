/**
 * A JSON merge patch (RFC 7396) that replaces members of an object's status. It is for the `status` subresource; lists in
 * it replace those of the object as a whole.
 *
 * @example
 * ```ts
 * statusMergePatch({ phase: "Running" }); // { status: { phase: "Running" } }
 * ```
 */
export const statusMergePatch = <T>(status: T): { readonly status: T } => ({ status });

/**
 * A JSON merge patch (RFC 7396) that sets annotations, and deletes those whose value is `null`. Others stay.
 *
 * @example
 * ```ts
 * annotationsMergePatch({ "example.com/owner": null }); // { metadata: { annotations: { "example.com/owner": null } } }
 * ```
 */
export const annotationsMergePatch = (
  annotations: Readonly<Record<string, string | null>>,
): { readonly metadata: { readonly annotations: Readonly<Record<string, string | null>> } } => ({
  metadata: { annotations },
});

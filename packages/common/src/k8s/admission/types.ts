/**
 * The wire types of `admission.k8s.io/v1`, as far as a webhook reads and writes them.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */

/**
 * `apiVersion` of every review, in both directions.
 *
 * @example
 * ```ts
 * const review = { apiVersion: admissionApiVersion, kind: admissionKind, response: { uid: "7f0c1f5e", ...allow() } };
 * ```
 */
export const admissionApiVersion = "admission.k8s.io/v1";

/**
 * `kind` of every review, in both directions.
 *
 * @example
 * ```ts
 * const isReview = object.kind === admissionKind;
 * ```
 */
export const admissionKind = "AdmissionReview";

/**
 * What an object is, e.g. `{ group: "apps", version: "v1", kind: "Deployment" }`; the core group is `""`.
 *
 * @example
 * ```ts
 * const deployment: GroupVersionKind = { group: "apps", version: "v1", kind: "Deployment" };
 * ```
 */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/**
 * Where an object is served, e.g. `{ group: "apps", version: "v1", resource: "deployments" }`.
 *
 * @example
 * ```ts
 * const deployments: GroupVersionResource = { group: "apps", version: "v1", resource: "deployments" };
 * ```
 */
export interface GroupVersionResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/**
 * The operations that a webhook can be registered for.
 *
 * @example
 * ```ts
 * const creates = (operation: Operation): boolean => operation === "CREATE";
 * creates("UPDATE"); // false
 * ```
 */
export type Operation = "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

/**
 * Who makes the request. Only the API server's authentication stands behind it, so it can be trusted.
 *
 * @example
 * ```ts
 * const isNode = ({ groups }: UserInfo): boolean => groups.includes("system:nodes");
 * isNode({ username: "alice", uid: "", groups: ["system:authenticated"] }); // false
 * ```
 */
export interface UserInfo {
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
}

/**
 * One question of the API server. Absent strings are `""`, as in Go; the objects are JSON as it came, so whoever reads
 * one has to look at its shape first.
 *
 * @example
 * ```ts
 * const where = ({ namespace, name, operation }: AdmissionRequest): string => `${operation} ${namespace}/${name}`;
 * ```
 */
export interface AdmissionRequest {
  readonly uid: string;
  readonly kind: GroupVersionKind;
  readonly resource: GroupVersionResource;
  /** `""` for the main resource, else `scale`, `status`, … */
  readonly subResource: string;
  /** Empty on a CREATE with `generateName`. */
  readonly name: string;
  /** Empty for cluster-wide objects. */
  readonly namespace: string;
  readonly operation: Operation;
  readonly userInfo: UserInfo;
  /** The object as it would be stored; absent or `null` on DELETE. */
  readonly object?: unknown;
  /** The object as it is stored; absent or `null` on CREATE. */
  readonly oldObject?: unknown;
  readonly dryRun: boolean;
}

/**
 * One violation within a `Status`.
 *
 * @example
 * ```ts
 * const cause: StatusCause = {
 *   reason: "FieldValueRequired",
 *   message: "spec.agent.image must be set",
 *   field: "spec.agent.image",
 * };
 * ```
 */
export interface StatusCause {
  /** Machine-readable, e.g. `FieldValueInvalid`. */
  readonly reason: string;
  /** States the rule and the way out: of a 422, kubectl prints only the causes. */
  readonly message: string;
  /** Path of the field, e.g. `spec.agent.image`. */
  readonly field: string;
}

/**
 * Which object a `Status` is about, and what is wrong with it.
 *
 * @example
 * ```ts
 * const details: StatusDetails = { name: "demo", group: "cocoonset.cocoonstack.io", kind: "CocoonSet" };
 * deny("spec.agent.image must be set", { code: 422, reason: "Invalid", details }).status?.code; // 422
 * ```
 */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly causes?: readonly StatusCause[];
  /** Seconds after which the caller may try again. */
  readonly retryAfterSeconds?: number;
}

/**
 * Why a request is refused, in the form that API servers pass on: code, reason and causes reach the caller.
 *
 * @example
 * ```ts
 * const status: Status = { message: "no VMs in kube-system", code: 403, reason: "Forbidden" };
 * ```
 */
export interface Status {
  readonly message: string;
  /** HTTP status code, 400–599. */
  readonly code: number;
  /** One of Kubernetes' status reasons, e.g. `Forbidden`, `Invalid`. */
  readonly reason: string;
  readonly details?: StatusDetails;
}

/**
 * The answer, without the `uid`, which `serve` takes from the request.
 *
 * @example
 * ```ts
 * const response: AdmissionResponse = deny("no VMs in kube-system");
 * response.status?.reason; // "Forbidden"
 * ```
 */
export interface AdmissionResponse {
  readonly allowed: boolean;
  /** Present exactly where the request is refused. */
  readonly status?: Status;
  /** Shown to the caller whatever the decision; API servers cut them at 256 characters each. */
  readonly warnings?: readonly string[];
  /** Added to the audit event, each key prefixed with the webhook's name. */
  readonly auditAnnotations?: Readonly<Record<string, string>>;
  /** Base64 of a JSON patch; only mutating webhooks may send one. See `patched`. */
  readonly patch?: string;
  readonly patchType?: "JSONPatch";
}

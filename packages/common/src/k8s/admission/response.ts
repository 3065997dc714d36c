import { type JSONPatchOp, marshalPatch } from "./json-patch.js";
import type { AdmissionResponse, StatusDetails } from "./types.js";

/**
 * What an answer can carry besides its decision.
 *
 * @example
 * ```ts
 * const extras: ResponseExtras = { warnings: ["spec.toolboxes is empty"], auditAnnotations: { rule: "toolboxes" } };
 * allow(extras).allowed; // true
 * ```
 */
export interface ResponseExtras {
  /** Shown to the caller, one line each. */
  readonly warnings?: readonly string[];
  /** Added to the audit event. */
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

/**
 * How a refusal is classified.
 *
 * @example
 * ```ts
 * const options: DenyOptions = { code: 422, reason: "Invalid" };
 * deny("spec.agent.image must be set", options).allowed; // false
 * ```
 */
export interface DenyOptions extends ResponseExtras {
  /** HTTP status code. @default 403 */
  readonly code?: number;
  /** Kubernetes status reason. @default "Forbidden" */
  readonly reason?: string;
  readonly details?: StatusDetails;
}

/**
 * The request may go on.
 *
 * @example
 * ```ts
 * allow({ warnings: ["spec.toolboxes is empty"] });
 * ```
 */
export function allow(extras: ResponseExtras = {}): AdmissionResponse {
  return { allowed: true, ...extras };
}

/**
 * The request is refused. The message is all that most people will see: name the object, the rule and the way out.
 *
 * @example
 * ```ts
 * deny("pod default/web tolerates …", { code: 403, reason: "Forbidden" });
 * ```
 */
export function deny(message: string, options: DenyOptions = {}): AdmissionResponse {
  const { code = 403, reason = "Forbidden", details, ...extras } = options;
  return {
    allowed: false,
    status: { message, code, reason, ...(details === undefined ? {} : { details }) },
    ...extras,
  };
}

/**
 * The request may go on, changed by `operations`. Only a mutating webhook may answer so.
 *
 * @throws {TypeError} when a value has no JSON: a cycle, a bigint.
 *
 * @example
 * ```ts
 * patched([{ op: "add", path: `/metadata/labels/${escapeJSONPointer("a/b")}`, value: "c" }]);
 * ```
 */
export function patched(operations: readonly JSONPatchOp[], extras: ResponseExtras = {}): AdmissionResponse {
  return { allowed: true, patchType: "JSONPatch", patch: marshalPatch(operations), ...extras };
}

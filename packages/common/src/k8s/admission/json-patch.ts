import { Buffer } from "node:buffer";

/**
 * One operation of a JSON patch (RFC 6902). A `value` of `null` is sent; an absent one is left out.
 *
 * @example
 * ```ts
 * const operation: JSONPatchOp = { op: "replace", path: "/spec/replicas", value: 2 };
 * ```
 */
export interface JSONPatchOp {
  readonly op: "add" | "remove" | "replace" | "move" | "copy" | "test";
  /** JSON pointer, each segment escaped by {@link escapeJSONPointer}. */
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/**
 * Escapes one segment of a JSON pointer (RFC 6901, section 3): `~` becomes `~0` and `/` becomes `~1`.
 *
 * @example
 * ```ts
 * escapeJSONPointer("vm.cocoonstack.io/id"); // "vm.cocoonstack.io~1id"
 * ```
 */
export function escapeJSONPointer(segment: string): string {
  return segment.replaceAll("~", "~0").replaceAll("/", "~1");
}

/**
 * The operations as an answer carries them: base64 of their JSON.
 *
 * @throws {TypeError} when a value has no JSON: a cycle, a bigint.
 *
 * @example
 * ```ts
 * marshalPatch([{ op: "remove", path: "/spec" }]); // "W3sib3AiOiJyZW1vdmUiLCJwYXRoIjoiL3NwZWMifV0="
 * ```
 */
export function marshalPatch(operations: readonly JSONPatchOp[]): string {
  return Buffer.from(JSON.stringify(operations)).toString("base64");
}

import { type Node, valuesOf } from "./node.js";

/** A schema as a CRD holds it. */
export type Structural = Record<string, unknown>;

/** What has to be said of a schema besides its shape, in the order in which it is written. */
const keywords = [
  "type",
  "format",
  "default",
  "enum",
  "minLength",
  "maxLength",
  "pattern",
  "minimum",
  "maximum",
  "maxItems",
  "anyOf",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-map-type",
] as const satisfies readonly (keyof Node)[];

const isRequired = (node: Node): boolean => node.required !== undefined && node.required.length > 0;

/**
 * Turns a schema of the definition into the structural form that Kubernetes takes: maps by `additionalProperties`, a
 * type on each enum, and none of the definition's own keywords.
 *
 * @param inner what stands for a schema within this one; by default its own structural form
 */
export function structural(node: Node, inner: (child: Node) => unknown = structural): Structural {
  const values = valuesOf(node);
  return {
    ...(node.enum !== undefined && { type: "string" }),
    ...Object.fromEntries(keywords.filter((k) => node[k] !== undefined).map((k) => [k, node[k]])),
    ...(isRequired(node) && { required: [...(node.required ?? [])].sort() }),
    ...(node.items !== undefined && { items: inner(node.items) }),
    ...(values !== undefined && { additionalProperties: inner(values) }),
    ...(node.properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(node.properties).map(([key, child]) => [key, inner(child)]),
      ),
    }),
  };
}

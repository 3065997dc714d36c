/**
 * A schema in the structural form that Kubernetes takes in a CustomResourceDefinition, with the keywords that this API
 * uses.
 *
 * @example
 * ```ts
 * const schema: Schema = { type: "object", properties: { replicas: { type: "integer", format: "int32" } } };
 * ```
 */
export interface Schema {
  /** Absent on a quantity, which is an integer or a string. */
  readonly type?: "object" | "array" | "string" | "integer" | "boolean";
  /** `int32` and `int64` bound integers; `date-time` is a time by RFC 3339. */
  readonly format?: "int32" | "int64" | "date-time";
  readonly default?: string | number;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly items?: Schema;
  /** The values of a map with free keys, such as labels. */
  readonly additionalProperties?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-list-type"?: "map";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: "atomic";
}

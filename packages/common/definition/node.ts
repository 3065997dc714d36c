import type { TSchema } from "typebox";
import type { Rule } from "./rules.js";

/** A schema of the definition as the generators read it: plain JSON, with the few keywords that the definition uses. */
export interface Node {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly patternProperties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Node[];
  readonly examples?: readonly unknown[];
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: string;
  readonly "x-kubernetes-validations"?: readonly Rule[];

  /** Our own: the type whose properties this one repeats, so that its interface extends it. */
  readonly extends?: string;
  /** Our own: name of the constant that lists an enum's values. */
  readonly list?: string;
}

export const nodeOf = (schema: TSchema): Node => schema;

/** The schema of the values of a map such as labels, if `node` is one. */
export const valuesOf = (node: Node): Node | undefined => Object.values(node.patternProperties ?? {})[0];

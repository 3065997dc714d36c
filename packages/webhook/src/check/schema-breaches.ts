import {
  cocoonHibernationSchema,
  cocoonSetSchema,
  type Schema,
  validateCocoonHibernation,
  validateCocoonSet,
} from "@cocoonstack/common/apis/v1";
import { apiGroup, apiVersionName, kindCocoonHibernation, kindCocoonSet } from "@cocoonstack/common/meta";
import { unknownFields } from "@cocoonstack/program/fields";
import { asObject, jsonEqual } from "../policy/index.js";
import type { Breach } from "./finding.js";
import { metadataBreaches } from "./metadata-breaches.js";
import { podRefChange } from "./pod-ref-change.js";
import type { Subject } from "./subject.js";

interface Definition {
  readonly schema: Schema;
  readonly validate: typeof validateCocoonSet | typeof validateCocoonHibernation;
}

const definitions = new Map<string, Definition>([
  [kindCocoonSet, { schema: cocoonSetSchema, validate: validateCocoonSet }],
  [kindCocoonHibernation, { schema: cocoonHibernationSchema, validate: validateCocoonHibernation }],
]);

/**
 * What an API server refuses by the CustomResourceDefinitions alone, before it asks any webhook.
 *
 * @param written the object with its status, of which no value is judged, but which may have no unknown fields either
 */
export function schemaBreaches(
  { group, version, kind, object }: Subject,
  oldObject: unknown,
  written: unknown,
): readonly Breach[] {
  // Kubernetes' own group is no other vendor's: nothing else of ours can be there.
  if (group !== apiGroup && !(group === "" && definitions.has(kind))) return [];
  const definition = group === apiGroup && version === apiVersionName ? definitions.get(kind) : undefined;
  if (definition === undefined) {
    const message = `${group === "" ? version : `${group}/${version}`} has no kind ${kind}`;
    return [{ rule: "unknown-kind", field: "", message }];
  }
  return [
    ...faultsOf(definition, object, oldObject),
    ...unknownFields(written, definition.schema).map(
      (unknown) => ({ rule: "unknown-field", ...unknown }) as const,
    ),
    ...metadataBreaches(object),
    ...podRefChange(kind, object, oldObject),
  ];
}

/** API servers let a value be that was stored before (ratcheting), so an unchanged spec is not looked at. */
function faultsOf({ validate }: Definition, object: unknown, oldObject: unknown): readonly Breach[] {
  const result = validate(object);
  if (result.ok || (oldObject !== undefined && jsonEqual(specOf(object), specOf(oldObject)))) return [];
  return [{ rule: "schema", field: result.path, message: result.message }];
}

const specOf = (object: unknown): unknown => asObject(object)?.["spec"];

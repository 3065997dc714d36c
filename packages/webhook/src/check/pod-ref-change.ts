import { kindCocoonHibernation } from "@cocoonstack/common/meta";
import { asObject, jsonEqual } from "../policy/index.js";
import type { Breach } from "./finding.js";

/** The words of the CustomResourceDefinition, whose rule in CEL is `self == oldSelf`. */
export const podRefMessage =
  "podRef never changes: delete this CocoonHibernation and create one for the other pod";

/** The one transition rule of the CustomResourceDefinitions, which is in no schema. */
export function podRefChange(kind: string, object: unknown, oldObject: unknown): readonly Breach[] {
  if (kind !== kindCocoonHibernation || oldObject === undefined) return [];
  const [now, before] = [podRefOf(object), podRefOf(oldObject)];
  if (now === undefined || before === undefined || jsonEqual(now, before)) return [];
  return [{ rule: "immutable-field", field: "spec.podRef", message: podRefMessage }];
}

const podRefOf = (object: unknown): unknown => asObject(asObject(object)?.["spec"])?.["podRef"];

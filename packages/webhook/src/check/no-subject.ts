import { apiGroup, kindCocoonHibernation, kindCocoonSet } from "@cocoonstack/common/meta";
import { asObject } from "../policy/index.js";
import type { Breach } from "./finding.js";

/** What is wrong with a document that does not say what it is. Where one half of that is ours, so is the object. */
export function noSubject(document: unknown): Breach {
  const members = asObject(document);
  if (members === undefined) {
    return { rule: "not-an-object", field: "", message: "is no object, so it was not checked" };
  }
  const { apiVersion, kind } = members;
  const lacks = ["apiVersion", "kind"].filter((key) => !isText(members[key])).join(" and ");
  const isOurs =
    kind === kindCocoonSet ||
    kind === kindCocoonHibernation ||
    (isText(apiVersion) && apiVersion.startsWith(`${apiGroup}/`));
  if (!isOurs) return { rule: "not-an-object", field: "", message: `has no ${lacks}, so it was not checked` };
  const half = isText(kind) ? `kind ${kind}` : `apiVersion ${String(apiVersion)}`;
  return { rule: "unknown-kind", field: "", message: `has ${half}, but no ${lacks}` };
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

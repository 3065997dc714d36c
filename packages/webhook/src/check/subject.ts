import { asObject } from "../policy/index.js";
import type { ObjectName } from "./finding.js";

/** An object with what tells it from others. */
export interface Subject extends ObjectName {
  readonly version: string;
  readonly object: unknown;
}

/**
 * Who an object is; undefined where it does not say what it is.
 *
 * @param defaultNamespace for an object that names none
 */
export function subjectIn(object: unknown, defaultNamespace: string): Subject | undefined {
  const { apiVersion, kind, metadata } = asObject(object) ?? {};
  if (typeof apiVersion !== "string" || typeof kind !== "string" || apiVersion === "" || kind === "")
    return undefined;
  const slash = apiVersion.indexOf("/");
  const text = (key: string): string => {
    const value = asObject(metadata)?.[key];
    return typeof value === "string" ? value : "";
  };
  return {
    group: apiVersion.slice(0, Math.max(slash, 0)),
    version: apiVersion.slice(slash + 1),
    kind,
    namespace: text("namespace") || defaultNamespace,
    name: text("name"),
    object,
  };
}

/** The same for two manifests of one object; undefined for one whose name is yet to be made. */
export const keyOf = ({ group, kind, namespace, name }: ObjectName): string | undefined =>
  name === "" ? undefined : [group, kind, namespace, name].join("/");

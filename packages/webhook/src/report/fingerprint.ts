import { createHash } from "node:crypto";
import type { Finding } from "../check/index.js";

/**
 * What stays the same of a finding while lines move and words change: the rule, the object and the field. Whoever compares
 * two reports knows by it which findings are new. The same in two files where an object stands in both.
 *
 * @returns 64 hexadecimal digits
 */
export function fingerprintOf({ rule, object, field }: Finding): string {
  const { group, kind, namespace, name } = object;
  return createHash("sha256")
    .update(JSON.stringify([rule, group, kind, namespace, name, field]))
    .digest("hex");
}

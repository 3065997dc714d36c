import type { AskedRequest } from "../../test/support/audit-log.js";

/** How many requests there were of each kind, such as `create pods`. */
export type RequestCounts = Readonly<Record<string, number>>;

/**
 * Counts requests by verb and resource.
 *
 * @example
 * requestCountsOf([{ verb: "create", resource: "pods", namespace: "shop" }]); // { "create pods": 1 }
 */
export function requestCountsOf(requests: readonly AskedRequest[]): RequestCounts {
  const counts: Record<string, number> = {};
  for (const { verb, resource } of requests) {
    const kind = `${verb} ${resource}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

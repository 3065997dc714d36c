import { shortened } from "./warning.js";

/** The longest name of an object, RFC 1123's of a host (Kubernetes' "Object Names and IDs"); users have ones of about that length. */
const longest = 253;

/**
 * A name as messages and the log show it. Reviews come before the API server has looked at names, so one can be as long as
 * the whole request: it would come back as an answer of megabytes, and stand in the log.
 */
export const shownName = (name: string): string => shortened(name, longest);

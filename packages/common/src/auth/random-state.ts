import { randomBytes } from "node:crypto";

/**
 * An unguessable value for the `state` parameter of an OAuth flow: 16 random bytes as 32 hexadecimal digits.
 *
 * @example
 * ```ts
 * randomState(); // such as "9f86d081884c7d659a2feaa0c55ad015"
 * ```
 */
export const randomState = (): string => randomBytes(16).toString("hex");

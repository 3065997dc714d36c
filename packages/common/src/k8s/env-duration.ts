import { envOrDefault } from "./env-or-default.js";
import { parseDurationNs } from "./parse-duration.js";

/**
 * An environment variable that holds a duration in Go's syntax (`500ms`, `1m30s`), in milliseconds, or `fallbackMs` when
 * it is unset, empty or malformed. What is finer than a millisecond comes out as a fraction (`300us` → 0.3).
 *
 * @example
 * ```ts
 * const graceMs = envDuration("SHUTDOWN_TIMEOUT", 20_000);
 * ```
 */
export function envDuration(
  name: string,
  fallbackMs: number,
  env: Readonly<Record<string, string | undefined>> = process.env,
): number {
  const ns = parseDurationNs(envOrDefault(name, "", env));
  return ns === undefined ? fallbackMs : Number(ns) / 1e6;
}

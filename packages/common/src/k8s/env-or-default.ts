/**
 * The value of an environment variable, or `fallback` when it is unset or empty.
 *
 * @example
 * ```ts
 * const address = envOrDefault("LISTEN_ADDR", ":8443");
 * ```
 */
export function envOrDefault(
  name: string,
  fallback: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  // Its own names only: `process.env` inherits `constructor` and the like, which nobody has set.
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value === undefined || value === "" ? fallback : value;
}

/**
 * The `code` that Node's and undici's errors carry (`ENOENT`, `UND_ERR_SOCKET`), or undefined.
 *
 * @example
 * ```ts
 * const isMissing = errorCode(error) === "ENOENT";
 * ```
 */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

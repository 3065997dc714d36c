/**
 * Leadership that was lost. `cause` is why it could not be renewed.
 *
 * @example
 * ```ts
 * if (error instanceof LeaseLostError) process.exitCode = 1;
 * ```
 */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
}

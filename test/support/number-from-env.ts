/** A whole number from an environment variable, for tests that take more than the usual on request. */
export function numberFromEnv(variable: string, fallback: number): number {
  const value = Number(process.env[variable] ?? fallback);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${variable} must be a whole number`);
  return value;
}

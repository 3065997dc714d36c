/**
 * How long the API server will wait, from the `timeout` parameter of the URL that it calls (`/validate?timeout=5s`; it
 * rounds up to whole seconds). Undefined where there is none, or it cannot be read.
 *
 * @example
 * ```ts
 * callerTimeoutMs("/validate?timeout=5s"); // 5000
 * ```
 */
export function callerTimeoutMs(url: string): number | undefined {
  const seconds = /[?&]timeout=(\d{1,4})s(?:&|$)/.exec(url)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

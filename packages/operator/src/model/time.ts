/* eslint-disable no-restricted-globals -- Date.parse and toISOString translate between two ways to write a time; neither reads the clock */

/**
 * A time of Kubernetes' (RFC 3339) in milliseconds since 1970; undefined where there is none, or none that can be read.
 *
 * @example
 * parseTimeMs("1970-01-01T00:00:01Z"); // 1000
 */
export function parseTimeMs(text: string | null | undefined): number | undefined {
  const timeMs = Date.parse(text ?? "");
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/**
 * A time as RFC 3339 with milliseconds, which every reader of Kubernetes' times takes.
 *
 * @throws {RangeError} when it is no time that a calendar has.
 *
 * @example
 * timeText(1000); // "1970-01-01T00:00:01.000Z"
 */
export const timeText = (timeMs: number): string => new Date(timeMs).toISOString();

/** The later of two times, either of which may be unknown. */
export const laterMs = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
